/** Makes players of the voice messages that have none yet; without, the browser's own one is there. */
export function fillPlayers(within: Element): void {
  const empty = within.querySelectorAll<HTMLElement>('.voice:not([data-filled])')
  if (empty.length) void import('./players.ts').then(({ fill }) => fill(empty)).catch(() => {})
}
