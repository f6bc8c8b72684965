import type { Options } from './options.ts'
import type { Outcome } from './run.ts'
import { table } from './tally.ts'

/** Whether everything was sent, and what must be 0 is 0. */
export const isWell = ({ messages }: Options, { verdict, tally }: Outcome): boolean =>
  tally.of('sent') === messages &&
  verdict.lost + verdict.ghosts + verdict.outOfOrder + verdict.gaps + verdict.doubled === 0 &&
  tally.of('strangers') === 0 &&
  tally.kindsOf('wrong answers') === 'none' &&
  tally.kindsOf('broken loads') === 'none' &&
  tally.kindsOf('refused sends') === 'none'

/** The figures of a run, for people. */
export function report(options: Options, outcome: Outcome): string {
  return `\n${table(figures(options, outcome))}\n${complaints(outcome)}${details(outcome)}`
}

function figures(
  options: Options,
  { verdict, tally, sending, catchingUpMs, skipped, gone }: Outcome,
): [string, string | number][] {
  return [
    ['seed', options.seed],
    ['workers, bus', options.inProcess ? '1, in-process' : `3, Redis: ${options.redis}`],
    ['PostgreSQL', options.standby ? 'a primary and its synchronous standby' : 'a single one'],
    ['installations', options.faults.includes('two-installations') ? 2 : 1],
    [
      'messages',
      `${tally.of('sent')} of ${options.messages}, ${Math.round(tally.of('sent') / (sending / 1000))} a second`,
    ],
    ['changes', tally.of('changes')],
    ['send', tally.timesOf('send')],
    ['refused sends', tally.kindsOf('refused sends')],
    ['retries', tally.of('retries')],
    ['  because of', tally.kindsOf('failed')],
    ['faults', tally.kindsOf('faults')],
    ...skipped.map((each): [string, string] => ['  left out', each]),
    ['  taken back by a restore', gone],
    ['time to heal', tally.timesOf('heal')],
    ['streams', `${tally.of('connects')} opened, ${tally.of('reconnects')} times again with a cursor`],
    ['  refused', tally.kindsOf('refused streams')],
    ['resyncs', tally.of('resyncs')],
    ['  loads that broke', tally.kindsOf('broken loads')],
    ['messages shown', tally.of('shown')],
    ['received on an open stream', tally.timesOf('received')],
    ['  after more than 1 s', tally.of('found late')],
    ['duplicates dropped', tally.of('duplicates')],
    ['  on the same stream', tally.of('repeats')],
    ['numbers taken over', tally.of('skipped')],
    ['everybody had everything', `${(catchingUpMs / 1000).toFixed(1)} s after the last send`],
    ['lost', verdict.lost],
    ['shown, and not stored', verdict.ghosts],
    ['out of order', verdict.outOfOrder],
    ['gaps', verdict.gaps],
    ['doubled', verdict.doubled],
    ['seen by strangers', tally.of('strangers')],
    ['5xx other than 503', tally.kindsOf('wrong answers')],
  ]
}

function complaints({ complaints }: Outcome): string {
  const kinds = [...complaints].sort((a, b) => b[1].times - a[1].times).slice(0, 20)
  if (kinds.length === 0) return ''
  return `${internal(complaints)}  The service complained:\n${kinds.map(([what, { times }]) => `  ${`${times}`.padStart(6)} ${what}\n`).join('')}`
}

/** The logged errors behind answers with 500. */
const internal = (complaints: Outcome['complaints']): string =>
  [...complaints.values()]
    .map(({ last }) => last)
    .filter((line) => line.includes('"msg":"internal"'))
    .map((line) => `  500: ${line}\n`)
    .join('')

const details = ({ verdict }: Outcome): string => verdict.details.map((each) => `  ${each}\n`).join('')
