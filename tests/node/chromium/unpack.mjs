// Unpacks the Chromium of the package beside it and tells how to start it, as JSON on standard output: { program, arguments, environment }.
// Once: what is there is whole, because a folder is renamed into place, by the first of several who unpack at the same time.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('node_modules/.unpacked', import.meta.url))
const browser = {
  program: join(folder, 'chromium'),
  arguments: ['--no-zygote', '--no-sandbox'],
  // The libraries and the font that the package brings: a machine without a browser may lack them.
  environment: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') }
}

if (!existsSync(folder)) {
  const partial = mkdtempSync(`${folder}.`)
  // The package unpacks into the folder for temporary files, and the libraries only where it takes the machine for one that lacks them.
  Object.assign(process.env, { TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' })
  const { default: chromium } = await import('@sparticuz/chromium')
  await chromium.executablePath()
  writeFileSync(join(partial, 'fonts', 'fonts.conf'), `<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`)
  try {
    renameSync(partial, folder)
  } catch (error) {
    rmSync(partial, { recursive: true })
    if (!existsSync(folder)) throw error
  }
}

// Throws where this machine cannot run it, such as one with another C library.
execFileSync(browser.program, [...browser.arguments, '--version'], { env: { ...process.env, ...browser.environment }, stdio: ['ignore', 'ignore', 'inherit'] })
process.stdout.write(JSON.stringify(browser))
