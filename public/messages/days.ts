/** Day labels stick to the top of the log; where several meet, only the last is shown. */
export function followDays(log: HTMLElement, signal: AbortSignal): void {
  function show(): void {
    const days = [...log.querySelectorAll<HTMLElement>('.day')]
    const places = days.map((day) => day.getBoundingClientRect())
    for (const [index, day] of days.entries()) {
      const next = places[index + 1]
      day.classList.toggle('day--covered', next !== undefined && next.top < places[index]!.bottom)
    }
  }
  log.addEventListener('scroll', show, { signal, passive: true })
}
