import { limits } from '../../server/contract/limits.ts'
import { api } from '../api.ts'
import { onReturn, touchedLately } from './attention.ts'

/** Tells the server that somebody sits before this page: while it is visible, and whether it was touched lately. */
export function startHeartbeat(): void {
  let timer = 0

  function beat(): void {
    clearTimeout(timer)
    if (document.hidden) return
    timer = setTimeout(beat, limits.presenceHeartbeatMs)
    // What is lost the next one makes good.
    api.heartbeat(touchedLately()).catch(() => {})
  }

  onReturn(beat)
  document.addEventListener('visibilitychange', beat)
  beat()
}
