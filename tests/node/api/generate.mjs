// Generates a client from the API's description, compiles the program client.ts against it, and runs it.
//
// Arguments: the description, an empty folder to work in, the server's address, a key.
import { cpSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'

const [description, folder, server, key] = process.argv.slice(2)
const here = dirname(fileURLToPath(import.meta.url))
symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'))
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
writeFileSync(join(folder, 'schema.d.ts'), astToString(await openapiTS(pathToFileURL(description))))
cpSync(join(here, 'client.ts'), join(folder, 'client.ts'))

const program = ts.createProgram([join(folder, 'client.ts')], {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  outDir: folder,
})
const { diagnostics } = program.emit()
const faults = [...ts.getPreEmitDiagnostics(program), ...diagnostics]
if (faults.length > 0) {
  console.error(ts.formatDiagnostics(faults, { getCanonicalFileName: f => f, getCurrentDirectory: () => folder, getNewLine: () => '\n' }))
  process.exit(1)
}
const { run } = await import(pathToFileURL(join(folder, 'client.js')).href)
console.log(JSON.stringify(await run(server, key)))
