// Looks at pages in a real browser, in light and dark, on a narrow and on a wide screen, and tells what came of it.
//
// Standard input: { "browser": { "program": …, "arguments": […], "environment": {…} }, "pictures": folder or null, "expand": true to open all details,
//                   "pages": [{ "name": …, "address": http or file URL, "headers": {…}, "print": true to see it as on paper, "isScriptless": true if its policy forbids scripts, "offline": true to cut it off from the network, "steps": [{ "fill": selector, "text": … } | { "choose": selector, "text": value } | { "click": selector } | { "await": selector }] }] }
// Standard output: a list of visits { page, width, scheme, status, title, console, violations, requests, dialogs, overflow, findings, files, text, picture }
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const widths = [390, 1280]
const schemes = ['light', 'dark']
const patience = 300000 // For what hangs. How fast the machine is decides nothing.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function text(stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

// Wider than the screen, other than within what scrolls by itself.
const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth

// Of what axe has to say: what keeps somebody from using the page. Through the debugger: no policy of the page is in its way, and none has to be loosened.
const findings = async () => {
  const results = await globalThis.axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  return results.violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
    .map(v => `${v.impact} ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => `${n.html.slice(0, 200)} ${n.any[0]?.message ?? ''}`).join(' | ')}`)
}

// What the page shows and plays, with the width of each picture and the duration of each recording; 0 for what does not come. Where a policy
// forbids scripts, neither events nor timers of the page come, so this side asks again and again.
const files = () => [...document.querySelectorAll('img, audio, video')].map(file => {
  if (file.localName === 'img') file.loading = 'eager'
  const isThere = file.localName === 'img' ? file.complete && !!file.naturalWidth : file.readyState > 0
  const isLost = file.localName === 'img' ? file.complete && !file.naturalWidth : !!file.error || file.networkState === HTMLMediaElement.NETWORK_NO_SOURCE
  return { kind: file.localName, extent: isThere ? file.naturalWidth ?? (file.duration || 0) : 0, isEnded: isThere || isLost }
})

async function filesOf(tab) {
  for (const end = Date.now() + patience; ;) {
    const shown = await tab.evaluate(files)
    if (shown.every(file => file.isEnded)) return shown.map(({ kind, extent }) => ({ kind, extent }))
    if (Date.now() > end) throw new Error(`A file of the page neither came nor failed: ${JSON.stringify(shown)}`)
    await new Promise(done => setTimeout(done, 20))
  }
}

async function within(promise, what) {
  let timer
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error(`${what} does not end`)), patience) })
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

async function visit(browser, task, page, width, scheme) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, extraHTTPHeaders: page.headers ?? {}, reducedMotion: 'reduce', offline: page.offline })
  context.setDefaultTimeout(patience)
  const tab = await context.newPage()
  const seen = { page: page.name, width, scheme, status: 0, title: '', console: [], violations: [], requests: [], dialogs: [], overflow: 0, findings: [], files: [], text: '', picture: null }
  tab.on('console', message => { if (['error', 'warning'].includes(message.type())) seen.console.push(message.text()) })
  tab.on('pageerror', error => seen.console.push(String(error)))
  tab.on('request', request => seen.requests.push(request.url()))
  tab.on('dialog', async dialog => { seen.dialogs.push(dialog.message()); await dialog.dismiss() })
  await tab.exposeFunction('reportViolation', violation => { seen.violations.push(violation) })
  await tab.addInitScript(() => addEventListener('securitypolicyviolation', e => globalThis.reportViolation(`${e.effectiveDirective} ${e.blockedURI}`)))
  const answer = await tab.goto(page.address, { waitUntil: 'load' })
  seen.status = answer?.status() ?? 0
  for (const step of page.steps ?? []) {
    if (step.fill) await tab.fill(step.fill, step.text)
    if (step.choose) await tab.selectOption(step.choose, step.text)
    if (step.click) await tab.click(step.click)
    if (step.await) await tab.waitForSelector(step.await)
    await tab.waitForLoadState('load')
  }
  if (page.print) await tab.emulateMedia({ media: 'print' })
  if (task.expand) await tab.evaluate(() => document.querySelectorAll('details').forEach(d => { d.open = true }))
  seen.title = await tab.title()
  seen.files = await filesOf(tab)
  seen.overflow = await tab.evaluate(overflow)
  seen.text = await tab.evaluate(() => document.body.innerText)
  if (!page.print && !page.isScriptless) { // On paper, axe has nothing to say.
    await tab.evaluate(axe)
    seen.findings = await within(tab.evaluate(findings), `axe on ${page.address}`)
  }
  if (task.pictures) {
    seen.picture = join(task.pictures, `${page.name}-${width}-${scheme}.png`)
    const height = await tab.evaluate(() => document.documentElement.scrollHeight)
    await tab.screenshot({ path: seen.picture, fullPage: height <= 12000, animations: 'disabled' })
  }
  await context.close()
  return seen
}

const task = JSON.parse(await text(process.stdin))
const { program, arguments: args, environment } = task.browser
const browser = await chromium.launch({ executablePath: program, args: ['--disable-gpu', '--disable-dev-shm-usage', ...args], env: { ...process.env, ...environment }, timeout: patience })
try {
  const visits = []
  for (const page of task.pages) {
    for (const width of widths) {
      for (const scheme of schemes) visits.push(await visit(browser, task, page, width, scheme))
    }
  }
  process.stdout.write(JSON.stringify(visits))
} finally {
  await browser.close()
}
