// Starts Azurite with the arguments given, and ends it when standard input closes: so it never outlives the test
// program, not even a killed one.
import { createRequire } from 'node:module'

process.stdin.resume()
process.stdin.on('close', () => process.exit(0))
const require = createRequire(import.meta.url)

// Every ten minutes Azurite deletes what no blob refers to, and answers no request meanwhile: after some thousand test
// runs for longer than a lease lasts. Memory is the cheaper price.
require('azurite/dist/src/blob/gc/BlobGCManager.js').default.prototype.start = async () => {}

// Azurite parses its address templates anew for each request, which is an eighth of its time.
const templates = require.resolve('uri-templates')
const parse = require(templates)
const parsed = new Map()
require.cache[templates].exports = template => {
  if (!parsed.has(template)) parsed.set(template, parse(template))
  return parsed.get(template)
}

require('azurite/dist/src/azurite.js')
