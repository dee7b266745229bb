// Starts Azurite with the arguments given, and ends it when standard input closes: so it never outlives the test
// program, not even a killed one.
import { createRequire } from 'node:module'

process.stdin.resume()
process.stdin.on('close', () => process.exit(0))
createRequire(import.meta.url)('azurite/dist/src/azurite.js')
