/** The small cast of tests, end-to-end tests and the demo. */
export const password = 'wiadomosci'

export const cast = {
  anna: { email: 'anna@example.org', username: 'anna', display_name: 'Anna Kowalska' },
  bartek: { email: 'bartek@example.org', username: 'bartek', display_name: 'Bartek Zieliński' },
  celina: { email: 'celina@example.org', username: 'celina', display_name: 'Celina Wójcik' },
  dawid: { email: 'dawid@example.org', username: 'dawid', display_name: 'Dawid Żółkiewski' },
  ewa: { email: 'ewa@example.org', username: 'ewa', display_name: 'Ewa Szczepańska' },
} as const

export type Name = keyof typeof cast
export const names = Object.keys(cast) as Name[]
