import { Recent } from './recent.ts'

/** Dates and times as the reader's clock and language have them. Days are the calendar's, never 24 hours. */
export interface Clock {
  /** 14:05 */
  time(iso: string): string
  /** A calendar day as YYYY-MM-DD, for comparing. */
  day(iso: string): string
  /** How many midnights ago: 0 today, 1 yesterday, negative for what is to come. */
  daysAgo(iso: string): number
  /** poniedziałek, 16 listopada; with the year when it is another one. */
  longDay(iso: string): string
  /** For the list: the time today, else the weekday, else the date. */
  brief(iso: string): string
  /** The time today, else the date and the time; with the year when it is another one. */
  moment(iso: string): string
  /** The whole date and time, for a tooltip. */
  full(iso: string): string
  /** ms since 1970 */
  now(): number
}

/** Of whom we do not know where they are. */
export const homeZone = 'Europe/Warsaw'

const zones = new Recent<string | undefined>(500)

/** A time zone as this runtime spells it, whatever its case or alias; a cookie may hold anything. */
export const canonicalZone = (zone: string): string | undefined =>
  zones.get(zone, () => {
    try {
      return new Intl.DateTimeFormat('pl', { timeZone: zone }).resolvedOptions().timeZone
    } catch {
      return undefined
    }
  })

// Making a format costs some 50 µs and 26 KB, which the runtime is slow to take back, using one under 2 µs: a page asks
// for hundreds. So a zone has one, which reads the clock on its wall, and what that says is shown by formats that all zones share.
export const formats = new Recent<Intl.DateTimeFormat>(600)

function format(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const make = () => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options })
  return formats.get(`${locale} ${zone} ${JSON.stringify(options)}`, make)
}

/** What the clock on the wall says, as if it hung in UTC. */
function wallTime(at: Date, zone: string): Date {
  const [date, time] = format('sv', zone, { dateStyle: 'short', timeStyle: 'medium' }).format(at).split(' ')
  return new Date(`${date}T${time}Z`)
}

/** Times that a page which stays open for weeks remembers. */
const maxTimes = 5000
const DAY = 24 * 60 * 60 * 1000

/** @param zone an IANA name; of one this runtime does not know, the clock is that of `homeZone` */
export function clockOf(locale: string, zone: string, now: () => Date = () => new Date()): Clock {
  const tag = locale === 'en' ? 'en-GB' : locale
  const place = canonicalZone(zone) ?? homeZone
  // Asked several times of every message at every draw.
  const times = new Recent<Date>(maxTimes)
  const local = (iso: string) => times.get(iso, () => wallTime(new Date(iso), place))
  const today = () => wallTime(now(), place)
  const show = (iso: string, options: Intl.DateTimeFormatOptions) =>
    format(tag, 'UTC', options).format(local(iso))
  const daysAgo = (iso: string) => dayNumber(today()) - dayNumber(local(iso))
  const time = (iso: string) => show(iso, { hour: '2-digit', minute: '2-digit' })
  const year = (iso: string): Intl.DateTimeFormatOptions =>
    local(iso).getUTCFullYear() === today().getUTCFullYear() ? {} : { year: 'numeric' }
  return {
    time,
    day: (iso) => local(iso).toISOString().slice(0, 10),
    daysAgo,
    longDay: (iso) => show(iso, { weekday: 'long', day: 'numeric', month: 'long', ...year(iso) }),
    brief: (iso) => {
      const ago = daysAgo(iso)
      if (ago === 0) return time(iso)
      if (ago > 0 && ago < 7) return show(iso, { weekday: 'short' })
      return show(iso, year(iso).year ? { dateStyle: 'short' } : { day: 'numeric', month: 'short' })
    },
    moment: (iso) =>
      daysAgo(iso) === 0
        ? time(iso)
        : show(iso, { day: 'numeric', month: 'short', ...year(iso), hour: '2-digit', minute: '2-digit' }),
    full: (iso) => show(iso, { dateStyle: 'full', timeStyle: 'short' }),
    now: () => now().getTime(),
  }
}

const dayNumber = (local: Date) => Math.floor(local.getTime() / DAY)
