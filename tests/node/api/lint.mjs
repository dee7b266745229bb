// Checks the API's description with the recommended rules of Redocly, and ends with its exit code. The project has no licence to name.
//
// Arguments: the description. Standard output: { totals: { errors, warnings }, problems: [...] }
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const manifest = require.resolve('@redocly/cli/package.json')
const program = join(dirname(manifest), Object.values(require(manifest).bin)[0])
const { status } = spawnSync(process.execPath, [program, 'lint', process.argv[2], '--format', 'json', '--skip-rule', 'info-license'], {
  stdio: 'inherit',
  env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
})
process.exit(status)
