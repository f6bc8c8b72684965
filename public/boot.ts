import type { PageData } from '../views/page.ts'

/** Loads the scripts when the page has been painted: it reads without them. */
function load(): void {
  const { scripts }: PageData['assets'] = JSON.parse(document.getElementById('page')!.textContent).assets
  for (const href of scripts)
    document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }))
  document.head.append(Object.assign(document.createElement('script'), { type: 'module', src: scripts[0] }))
}

function loadOncePainted(): void {
  const observer = new PerformanceObserver(() => {
    observer.disconnect()
    load()
  })
  observer.observe({ type: 'paint', buffered: true })
}

// A form that is on its way as it stands: the script is not to send it again.
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement
  const isLive = document.documentElement.classList.contains('live')
  if (form.getAttribute('action') === '/wylogowanie' && !isLive) signOutLater(event, form)
  else if (!event.defaultPrevented) form.dataset.sent = 'true'
})

const maxWaitMs = 3000

/** The script clears what this browser keeps of the member; without it one signs out all the same. */
function signOutLater(event: SubmitEvent, form: HTMLFormElement): void {
  event.preventDefault()
  const submit = () => form.submit()
  const timer = setTimeout(submit, maxWaitMs)
  const observer = new MutationObserver(() => {
    observer.disconnect()
    clearTimeout(timer)
    form.requestSubmit()
  })
  observer.observe(document.documentElement, { attributeFilter: ['class'] })
}

// A hidden page is not painted.
const isPaintSeen = PerformanceObserver.supportedEntryTypes.includes('paint') && !document.hidden
if (isPaintSeen) loadOncePainted()
else load()
