// Breaks the code in the places that mutations.json lists, one after another, and shows that a test fails for each. It works in a copy of
// what is committed, in a temporary folder.
//
//   node tests/mutations/run.mjs [--keep] [NAME…]   all mutations, or those named; --keep leaves the copy there
//   node tests/mutations/run.mjs --check            only checks the list
//
// Ends with code 1 unless each mutation was caught.
import { spawn } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const count = 40
const leastInCore = 25
const core = 'src/KapsoArchive.Core/'
const minute = 60_000
const limit = 5 * minute // Of the tests of one mutation.
const isWindows = process.platform === 'win32'
const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')

const given = process.argv.slice(2)
const options = given.filter(a => a.startsWith('--'))
const names = given.filter(a => !a.startsWith('--'))
const list = JSON.parse(readFileSync(join(here, 'mutations.json'), 'utf8'))

const wrong = [
  ...options.filter(o => !['--check', '--keep'].includes(o)).map(o => `${o} is not an option`),
  ...names.filter(n => !list.some(m => m.name === n)).map(n => `${n} is not in mutations.json`),
  ...problemsOf(list, root),
]
if (wrong.length > 0) {
  wrong.forEach(problem => console.error(problem))
  process.exit(1)
}
if (options.includes('--check')) {
  console.log(`${list.length} mutations, ${list.filter(m => m.file.startsWith(core)).length} of them in Core: the list fits the code`)
  process.exit(0)
}

const chosen = names.length > 0 ? list.filter(m => names.includes(m.name)) : list
const copy = mkdtempSync(join(tmpdir(), 'kapso-archive-mutations-'))
const program = join(copy, 'artifacts', 'bin', 'KapsoArchive.Tests', 'debug')
let running = null
process.on('exit', () => {
  end(running)
  if (options.includes('--keep'))
    console.log(`The copy is in ${copy}`)
  else
    rmSync(copy, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => process.exit(130))

await prepare()
let caught = 0
for (const mutation of chosen) {
  const { isCaught, said } = await tryOut(mutation)
  caught += isCaught ? 1 : 0
  console.log(`${mutation.name}: ${said}`)
  if (!isCaught)
    console.log(`  ${mutation.promise}`)
}
console.log(`${caught} of ${chosen.length} caught`)
process.exit(caught === chosen.length ? 0 : 1)

// What is wrong with the list, in sentences.
function problemsOf(mutations, folder) {
  const inCore = mutations.filter(m => m.file.startsWith(core)).length
  const problems = []
  if (mutations.length !== count)
    problems.push(`mutations.json has ${mutations.length} mutations in place of ${count}`)
  if (inCore < leastInCore)
    problems.push(`mutations.json has ${inCore} mutations in Core; there must be ${leastInCore} at least`)
  for (const key of ['name', 'promise']) {
    const values = mutations.map(m => m[key])
    for (const value of new Set(values.filter((v, i) => values.indexOf(v) !== i)))
      problems.push(`several mutations have the ${key} "${value}"`)
  }
  for (const mutation of mutations) {
    const found = timesIn(mutation, folder)
    if (found !== 1)
      problems.push(`${mutation.name}: find occurs ${found} times in ${mutation.file}`)
    if (mutation.find === mutation.replace)
      problems.push(`${mutation.name}: find and replace are equal`)
    if (mutation.tests.length < 1 || mutation.tests.length > 3)
      problems.push(`${mutation.name}: ${mutation.tests.length} test classes; name one to three`)
  }
  return problems
}

function timesIn(mutation, folder) {
  const file = join(folder, mutation.file)
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n').split(mutation.find).length - 1 : 0
}

// Makes the copy, builds it, and sees that the tests are green without a mutation.
async function prepare() {
  const changed = await execute('git', ['-C', root, 'status', '--porcelain', '--', 'src', 'tests'], root, minute)
  if (changed.output.trim().length > 0)
    console.log('What is not committed is left out:\n' + changed.output.trimEnd())
  await must('git', ['clone', '--quiet', root, copy], root, 10 * minute)
  const problems = problemsOf(list, copy)
  if (problems.length > 0)
    throw new Error(`The list does not fit what is committed:\n${problems.join('\n')}`)
  bringPackages()
  console.log('Builds the tests')
  await must('dotnet', ['build', join('tests', 'KapsoArchive.Tests'), ...buildOptions()], copy, 30 * minute)

  const classes = [...new Set(chosen.flatMap(m => m.tests))].sort()
  console.log(`Runs ${classes.length} test classes without a mutation`)
  const green = await runTests(classes, 60 * minute)
  if (green.code !== 0 || green.total < classes.length)
    throw new Error(`They are not green without a mutation:\n${green.output.slice(-5_000)}`)
  console.log(`${green.total} tests are green, after ${green.seconds} seconds`)
}

// The packages of the scripts that tests start, so that they need not be installed again.
function bringPackages() {
  for (const folder of ['', 'api', 'chromium', 'readers']) {
    const from = join(root, 'tests', 'node', folder)
    const to = join(copy, 'tests', 'node', folder)
    const installed = join(from, 'node_modules', '.package-lock.json')
    if (!existsSync(installed) || readFileSync(join(from, 'package-lock.json'), 'utf8') !== readFileSync(join(to, 'package-lock.json'), 'utf8'))
      continue
    cpSync(join(from, 'node_modules'), join(to, 'node_modules'), { recursive: true, verbatimSymlinks: true })
    utimesSync(join(to, 'node_modules', '.package-lock.json'), new Date(), new Date()) // The tests compare it with package-lock.json.
  }
}

// Warnings are not errors: a mutation may leave something unused.
function buildOptions() {
  return ['--nologo', '-v', 'q', '-nodeReuse:false', '-p:RunAnalyzers=false', '-p:TreatWarningsAsErrors=false']
}

async function tryOut(mutation) {
  const found = timesIn(mutation, copy)
  if (found !== 1)
    return { isCaught: false, said: `find occurs ${found} times` }
  const project = mutation.file.split('/')[1]
  const assembly = assemblyOf(project)
  const built = join(copy, 'artifacts', 'bin', project, 'debug', assembly)
  const used = join(program, assembly)
  const source = join(copy, mutation.file)
  const text = readFileSync(source, 'utf8')
  const original = readFileSync(used)
  try {
    writeFileSync(source, text.replaceAll('\r\n', '\n').replace(mutation.find, () => mutation.replace))
    const build = await execute(
      'dotnet', ['build', join('src', project), '--no-restore', ...buildOptions(), '-p:BuildProjectReferences=false'], copy, 10 * minute)
    if (build.code !== 0)
      return { isCaught: false, said: `does not compile\n${build.output.split('\n').filter(l => l.includes('error')).slice(0, 3).join('\n')}` }
    if (readFileSync(built).equals(original))
      return { isCaught: false, said: 'changes nothing' }
    copyFileSync(built, used)
    const run = await runTests(mutation.tests, limit)
    const after = `(${run.seconds} s)`
    if (run.timedOut) {
      // It proves something only if the same tests end long before without the mutation.
      writeFileSync(used, original)
      const unbroken = await runTests(mutation.tests, limit)
      return unbroken.code === 0 && 2_000 * unbroken.seconds < limit
        ? { isCaught: true, said: `caught by a time-out: ${mutation.tests.join(', ')} did not end ${after}, but without it (${unbroken.seconds} s)` }
        : { isCaught: false, said: `not tried: ${mutation.tests.join(', ')} take too long without it, too (${unbroken.seconds} s)` }
    }

    if (run.failed !== null)
      return { isCaught: true, said: `caught by ${run.failed} ${after}` }
    if (run.code !== 0)
      return { isCaught: true, said: `caught by the end of the test program with code ${run.code} ${after}` }
    if (run.total === 0)
      return { isCaught: false, said: `not tried: no test ran ${after}` }
    return { isCaught: false, said: `SURVIVED ${run.total} tests of ${mutation.tests.join(', ')} ${after}` }
  } finally {
    writeFileSync(source, text)
    writeFileSync(used, original)
  }
}

function assemblyOf(project) {
  const settings = readFileSync(join(copy, 'src', project, `${project}.csproj`), 'utf8')
  return `${settings.match(/<AssemblyName>(.+)<\/AssemblyName>/)?.[1] ?? project}.dll`
}

async function runTests(classes, patience) {
  const start = Date.now()
  const test = join(program, isWindows ? 'KapsoArchive.Tests.exe' : 'KapsoArchive.Tests')
  const run = await execute(test, ['-noColor', ...classes.flatMap(c => ['-class', c])], copy, patience)
  return {
    ...run,
    failed: run.output.match(/^\s*(\S.*?) \[FAIL\]/m)?.[1] ?? null,
    total: Number(run.output.match(/Total: (\d+)/)?.[1] ?? 0),
    seconds: Math.round((Date.now() - start) / 1000),
  }
}

async function must(command, args, folder, patience) {
  const { code, output } = await execute(command, args, folder, patience)
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with code ${code}:\n${output.slice(-5_000)}`)
}

// In a process group of its own, so that a time-out ends what the program has started too.
function execute(command, args, folder, patience) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, detached: !isWindows, stdio: ['ignore', 'pipe', 'pipe'] })
    running = child
    let output = ''
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      end(child)
    }, patience)
    child.stdout.setEncoding('utf8').on('data', text => output += text)
    child.stderr.setEncoding('utf8').on('data', text => output += text)
    child.on('error', reject)
    // What a program leaves behind may keep the streams open, so its own end counts, and a moment for the rest of its output.
    child.on('exit', code => setTimeout(() => {
      clearTimeout(timer)
      running = null
      child.stdout.destroy()
      child.stderr.destroy()
      resolve({ code: code ?? -1, output, timedOut })
    }, 200))
  })
}

function end(child) {
  if (child === null || child.pid === undefined || child.exitCode !== null)
    return
  try {
    if (isWindows)
      spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'])
    else
      process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
