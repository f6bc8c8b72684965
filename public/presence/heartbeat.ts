import { limits } from '../../server/contract/limits.ts'
import { api } from '../api.ts'
import { isRecentlyActive, onReturn } from './attention.ts'

/** Reports presence while the page is visible, and whether there was recent input. */
export function startHeartbeat(): void {
  let timer = 0

  function beat(): void {
    clearTimeout(timer)
    if (document.hidden) return
    timer = setTimeout(beat, limits.presenceHeartbeatMs)
    // Best effort: the next one makes up for it.
    api.heartbeat(isRecentlyActive()).catch(() => {})
  }

  onReturn(beat)
  document.addEventListener('visibilitychange', beat)
  beat()
}
