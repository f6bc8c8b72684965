import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'

/** A browser's history: moving through it is asynchronous and fires `popstate`. */
class History {
  entries: { state: { layer?: number } | null; path: string }[] = [{ state: null, path: '/' }]
  index = 0
  /** Moves that are still under way. */
  going = 0
  readonly window: EventTarget

  constructor(window: EventTarget) {
    this.window = window
  }

  get now() {
    return this.entries[this.index]!
  }

  get state() {
    return this.now.state
  }

  get pathname() {
    return this.now.path
  }

  /** Where Back leads from this page. */
  get pageBefore() {
    const page = this.entries.findLastIndex(({ state }, i) => i <= this.index && !state?.layer)
    return this.entries[page - 1]?.path ?? this.now.path
  }

  pushState(state: object | null, _: string, path = this.now.path) {
    this.entries = [...this.entries.slice(0, ++this.index), { state, path }]
  }

  go(by: number) {
    this.going++
    setTimeout(() => {
      if (this.entries[this.index + by]) {
        this.index += by
        this.window.dispatchEvent(new Event('popstate'))
      }
      this.going--
    })
  }
}

/** A page with layers; `open` has their names, topmost last. */
async function openBrowser() {
  const open: string[] = []
  let count = 0
  let window = new EventTarget()
  const history = new History(window)
  vi.stubGlobal('history', history)
  vi.stubGlobal('location', history)
  vi.stubGlobal('document', new EventTarget())
  const load = async () => {
    window = new EventTarget()
    Object.assign(history, { window })
    vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
    open.length = 0
    closed.clear()
    vi.resetModules()
    return import('./back.ts')
  }
  const closed = new Map<string, () => void>()
  let back = await load()
  const idle = async () => {
    do await new Promise((resolve) => setTimeout(resolve))
    while (history.going)
  }
  return {
    open,
    history,
    idle,
    addLayer() {
      const name = `layer ${++count}`
      const isOpen = () => open.includes(name)
      closed.set(
        name,
        back.pushLayer(() => open.splice(open.indexOf(name), 1), isOpen),
      )
      open.push(name)
    },
    /** Closed otherwise, as by Escape; reported a moment later, as by dialogs, or never. */
    close(index: number) {
      const [name] = open.splice(index % Math.max(1, open.length), 1)
      if (name && index % 2) setTimeout(closed.get(name)!)
    },
    visit(path: string) {
      back.closeLayers()
      back.onPageEntry(() => path !== history.pathname && history.pushState(null, '', path))
    },
    async reload() {
      back = await load()
    },
  }
}
type Browser = Awaited<ReturnType<typeof openBrowser>>

afterEach(() => vi.unstubAllGlobals())

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: 'layer' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('close' as const), which: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.constant({ do: 'back' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'forward' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('visit' as const), path: fc.constantFrom('/1', '/2', '/') }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'reload' as const }) },
)

/** Back closes the topmost layer alone, or leads to the previous page. */
async function goBack({ open, history, idle }: Browser): Promise<void> {
  const [before, path, pageBefore] = [[...open], history.pathname, history.pageBefore]
  history.go(-1)
  await idle()
  expect(open).toEqual(before.slice(0, -1))
  expect(history.pathname).toBe(before.length ? path : pageBefore)
}

test('Back closes the topmost layer or leaves the page, whatever was opened, closed, visited or reloaded before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const browser = await openBrowser()
      for (const each of steps) {
        if (each.do === 'layer') browser.addLayer()
        if (each.do === 'close') browser.close(each.which)
        if (each.do === 'visit') browser.visit(each.path)
        if (each.do === 'forward') browser.history.go(1)
        if (each.do === 'reload') await browser.reload()
        if (each.do === 'back') await goBack(browser)
        else if (each.do !== 'close') await browser.idle()
        if (each.do === 'visit') expect(browser.history.pathname).toBe(each.path)
      }
    }),
    { numRuns: 100 },
  )
})
