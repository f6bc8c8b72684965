import { api } from '../api.ts'

const EVERY = 30_000
const ACTIVE = 60_000

/** Tells the server that somebody sits before this page: while it is visible, and whether it was touched lately. */
export function startHeartbeat(): void {
  let touched = Date.now()
  let timer = 0

  function beat(): void {
    clearTimeout(timer)
    if (document.hidden) return
    timer = setTimeout(beat, EVERY)
    // What is lost the next one makes good.
    api.heartbeat(Date.now() - touched < ACTIVE).catch(() => {})
  }

  function touch(): void {
    const paused = Date.now() - touched > ACTIVE
    touched = Date.now()
    if (paused) beat()
  }

  for (const name of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'])
    addEventListener(name, touch, { passive: true, capture: true })
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) touched = Date.now()
    beat()
  })
  beat()
}
