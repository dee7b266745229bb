// Drives an MCP server with the official client:
//   node mcp-client.mjs stdio PROGRAM ARGUMENT…      the program as a child, with the environment variables of MCP_ENV (JSON)
//   node mcp-client.mjs http URL [HEADER VALUE]…     a server
//
// The first line of the output is {server, instructions, tools}. Each line of the input is {name, arguments}; each is answered by a line, which
// is the tool's result, or {failure} if the client refuses it. When the input ends, the last line is {errors, stderr, exitCode} of the
// connection.
import { createInterface } from 'node:readline'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

const [kind, target, ...rest] = process.argv.slice(2)
const errors = []
let stderr = ''
let exited = Promise.resolve(null)

function overStdio() {
  const transport = new StdioClientTransport({
    command: target, args: rest, stderr: 'pipe', env: { PATH: process.env.PATH, HOME: process.env.HOME, ...JSON.parse(process.env.MCP_ENV ?? '{}') },
  })
  transport.stderr.on('data', data => { stderr += data })
  return transport
}

function overHttp() {
  const headers = {}
  for (let i = 0; i + 1 < rest.length; i += 2) headers[rest[i]] = rest[i + 1]
  return new StreamableHTTPClientTransport(new URL(target), { requestInit: { headers } })
}

const say = line => process.stdout.write(`${JSON.stringify(line)}\n`)
const client = new Client({ name: 'kapso-archive-tests', version: '1.0.0' })
client.onerror = error => errors.push(String(error))
try {
  const transport = kind === 'stdio' ? overStdio() : overHttp()
  await client.connect(transport)
  if (kind === 'stdio') exited = new Promise(resolve => transport._process.on('exit', resolve))
  const { tools } = await client.listTools()
  say({ server: client.getServerVersion(), instructions: client.getInstructions(), tools })
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      say(await client.callTool(JSON.parse(line)))
    } catch (error) {
      say({ failure: String(error) })
    }
  }
  await client.close()
  say({ errors, stderr, exitCode: await exited })
} catch (error) {
  say({ failure: String(error), stderr })
}
