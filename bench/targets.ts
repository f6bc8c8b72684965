import { kib, mb, ms, perSecond, print, ratio, seconds } from './measure.ts'

interface Target {
  title: string
  show(value: number): string
  /** Whether the ratio to the floor must reach the target, or the figure itself. */
  of: 'floor' | 'itself'
  better: 'more' | 'less'
  must: number
  stretch?: number
}

const times = (value: number) => `${value}x`

const atLeast = { better: 'more', of: 'floor', show: perSecond } as const
const atMost = { better: 'less', of: 'itself' } as const

/** What the service must reach beside its floor, on two cores that its load client shares. */
const targets = {
  sendsOf64: { ...atLeast, title: 'durable sends, 64 senders', must: 0.55, stretch: 0.9 },
  sendsOf16: { ...atLeast, title: 'durable sends, 16 senders', must: 0.55, stretch: 0.9 },
  sendsOf1: { ...atLeast, title: 'durable sends, 1 sender', must: 0.5, stretch: 0.9 },
  sendCpu: {
    ...atMost,
    title: 'CPU of 100,000 sends, Node and PostgreSQL',
    show: seconds,
    must: 30,
    stretch: 15,
  },
  deliveries: {
    ...atLeast,
    title: 'deliveries to ten groups of 100',
    of: 'itself',
    must: 100_000,
    stretch: 125_000,
  },
  deliveryCpu: {
    ...atMost,
    title: 'CPU of 100,000 deliveries, Node',
    show: seconds,
    must: 0.9,
    stretch: 0.65,
  },
  seenP50: { ...atMost, title: 'send → seen by one, 200/s, p50', show: ms, must: 1.5, stretch: 1 },
  seenP99: { ...atMost, title: 'send → seen by one, 200/s, p99', show: ms, must: 6, stretch: 4 },
  openings: {
    ...atLeast,
    title: 'new streams, signed in',
    of: 'itself',
    must: 3000,
    stretch: 5000,
  },
  storm: { ...atMost, title: '5,000 streams back and caught up', show: seconds, must: 2.5, stretch: 1 },
  stormSend: { ...atMost, title: 'a send meanwhile, p99', show: ms, must: 250 },
  idleStream: { ...atMost, title: 'an idle stream, 1,000 → 5,000', show: kib, must: 16, stretch: 9 },
  page: {
    title: 'page of 50 over HTTP ÷ bare SELECT, p50',
    show: ms,
    of: 'floor',
    better: 'less',
    must: 4,
    stretch: 2.5,
  },
  clientPage: { ...atMost, title: 'NODUS: 50 messages, p95', show: ms, must: 50 },
  clientReaction: { ...atMost, title: 'NODUS: a reaction, p95', show: ms, must: 20 },
  clientTyping: { ...atMost, title: 'NODUS: typing, p95', show: ms, must: 10 },
  clientApi: { ...atMost, title: 'presence client: any request, p95', show: ms, must: 200 },
  clientEvent: { ...atMost, title: 'NODUS: send → frame, p95', show: ms, must: 100 },
  idleSocket: {
    title: 'an idle WebSocket ÷ an idle stream',
    show: kib,
    of: 'floor',
    better: 'less',
    must: 1.3,
  },
  search: { ...atMost, title: 'a search among a million messages, p95', show: ms, must: 100 },
  rest: { ...atMost, title: 'memory at rest, all Node processes, PSS', show: mb, must: 190, stretch: 130 },
} satisfies Record<string, Target>

export interface Figure {
  target: keyof typeof targets
  floor: number
  service: number
}

/** In the order of the targets. */
export function printFigures(figures: Figure[]): void {
  const order = Object.keys(targets)
  const sorted = figures.toSorted((a, b) => order.indexOf(a.target) - order.indexOf(b.target))
  print('Each figure beside its floor, measured in the same run', [
    ['', 'floor', 'service', 'ratio', 'must reach', '', 'stretch', ''],
    ...sorted.map(rowOf),
  ])
}

function rowOf({ target: name, floor, service }: Figure): string[] {
  const target: Target = targets[name]
  const { title, show } = target
  const bounds = [target.must, target.stretch].flatMap((bound) => verdict(target, floor, service, bound))
  // What is promised has no floor.
  if (!Number.isFinite(floor)) return [title, '', show(service), '', ...bounds]
  if (!Number.isFinite(service)) return [title, show(floor), '-', '', ...bounds]
  return [title, show(floor), show(service), ratio(service, floor), ...bounds]
}

function verdict(
  { of, better, show }: Target,
  floor: number,
  service: number,
  bound: number | undefined,
): string[] {
  if (bound === undefined) return ['', '']
  const reached = of === 'floor' ? service / floor : service
  const isMet = better === 'more' ? reached >= bound : reached <= bound
  const text = of === 'floor' ? times(bound) : show(bound)
  return [`${better === 'more' ? '≥' : '≤'} ${text}`, isMet ? '✓' : '✗']
}
