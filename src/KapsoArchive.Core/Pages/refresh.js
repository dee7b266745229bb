const PAUSE = 3000
const state = () => document.getElementById('state')

function replace(next) {
  const before = state()
  const said = before.dataset.summary
  for (const known of before.querySelectorAll('details[id]')) {
    const same = next.querySelector(`#${CSS.escape(known.id)}`)
    if (same) same.open = known.open
  }
  const focused = before.contains(document.activeElement) ? document.activeElement.id : ''
  before.replaceWith(document.adoptNode(next))
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true })
  if (said !== next.dataset.summary) document.getElementById('news').textContent = next.dataset.summary
}

async function refresh() {
  try {
    const answer = await fetch(location.href.split('#')[0], { headers: { accept: 'text/html' }, cache: 'no-store' })
    if (answer.status === 401) return location.reload()
    const next = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('state')
    if (next) replace(next)
  } catch {
    // The server may come back.
  }
  again()
}

function again() {
  if ('busy' in state().dataset) setTimeout(refresh, PAUSE)
}

again()
