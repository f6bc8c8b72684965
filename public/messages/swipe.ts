/** Beyond it the swipe is one, and letting go acts. */
const thresholdPx = 64
/** Before it, nobody knows where the finger is going. */
const startPx = 12
/** At the edges the system's own gesture goes back. */
const edgePx = 32
/** How far something follows beyond the threshold, of the way of the finger. */
const resistance = 0.2

/** A finger that swipes something to the right. */
export interface Swipe {
  /** The finger is `px` from where it began; what is swiped follows as far as `offset`. */
  move(offset: number, isFar: boolean): void
  /** The finger was lifted, or scrolls instead. */
  end(isDone: boolean): void
}

/**
 * Swipes to the right on a touch screen. The area needs `touch-action: pan-y`: then the browser cancels the touch when it
 * scrolls, and leaves it to us when it does not.
 * @param begin called when one begins; undefined where there is nothing to swipe
 */
export function onSwipe(
  area: HTMLElement,
  begin: (target: Element) => Swipe | undefined,
  signal: AbortSignal,
): void {
  let start: PointerEvent | undefined
  let swipe: Swipe | undefined
  let isFar = false

  const stop = (isDone: boolean) => {
    start = undefined
    swipe?.end(isDone)
    swipe = undefined
    isFar = false
  }
  const down = (event: PointerEvent) => {
    stop(false)
    if (event.pointerType === 'touch' && event.isPrimary && isFree(event)) start = event
  }
  const move = (event: PointerEvent) => {
    if (!start || event.pointerId !== start.pointerId) return
    const [across, along] = [event.clientX - start.clientX, Math.abs(event.clientY - start.clientY)]
    if (!swipe) {
      if (along > startPx || across < -startPx) return stop(false)
      // A long press has opened a menu meanwhile.
      if (across < startPx || along * 2 > across || document.querySelector('.overlay')) return
      swipe = begin(start.target as Element)
      if (!swipe) return stop(false)
    }
    isFar = across >= thresholdPx
    swipe.move(offsetOf(across), isFar)
  }
  const options = { signal, passive: true }
  area.addEventListener('pointerdown', down, options)
  area.addEventListener('pointermove', move, options)
  area.addEventListener('pointerup', () => stop(isFar), options)
  area.addEventListener('pointercancel', () => stop(false), options)
}

/** Not where the system, a zoomed page, or what scrolls by itself takes the finger. */
const isFree = ({ clientX, target }: PointerEvent): boolean =>
  clientX >= edgePx &&
  clientX <= innerWidth - edgePx &&
  (visualViewport?.scale ?? 1) === 1 &&
  !(target as Element).closest('pre, input, textarea')

const offsetOf = (across: number) =>
  across <= thresholdPx ? Math.max(0, across) : thresholdPx + (across - thresholdPx) * resistance
