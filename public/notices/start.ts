import { listToKeep } from './keep-list.ts'
import { Notices, type PageParts } from './notices.ts'
import { startWorker } from './worker.ts'

const keepEveryMs = 60_000

/** What notifies a member while they look elsewhere, and what the page needs without a network: after the first paint. */
export function startNotices(parts: PageParts): Notices {
  const { state, panel, navigation } = parts
  const keep = () => {
    // Before it is loaded, what was kept is better.
    if (state.conversations.isListLoaded) void parts.cacheList(listToKeep(state.conversations))
  }
  setInterval(() => document.hidden || keep(), keepEveryMs)
  addEventListener('pagehide', keep)
  document.addEventListener('visibilitychange', () => document.hidden && keep())
  startWorker(navigation)
  if (new URLSearchParams(location.search).has('udostepnione'))
    void import('../share/shared.ts').then(({ takeShared }) => takeShared(state, panel, navigation))
  return new Notices(parts, keep)
}
