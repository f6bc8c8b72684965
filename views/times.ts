import { Recent } from './recent.ts'

/** Dates and times in the reader's zone and language. Days are calendar days, not 24 hours. */
export interface Clock {
  /** 14:05 */
  time(iso: string): string
  /** YYYY-MM-DD. */
  day(iso: string): string
  /** Midnights since then: 0 today, 1 yesterday, negative in the future. */
  daysAgo(iso: string): number
  /** poniedziałek, 16 listopada; with the year unless it is this one. */
  longDay(iso: string): string
  /** For the list: the time if today, the weekday within a week, else the date. */
  brief(iso: string): string
  /** The time if today, else date and time; with the year unless it is this one. */
  moment(iso: string): string
  /** For tooltips. */
  full(iso: string): string
  /** ms since 1970 */
  now(): number
}

/** For readers whose time zone is unknown. */
export const homeZone = 'Europe/Warsaw'

const zones = new Recent<string | undefined>(500)

/** The runtime's spelling of a time zone; undefined if invalid, as a cookie may be. */
export const canonicalZone = (zone: string): string | undefined =>
  zones.get(zone, () => {
    try {
      return new Intl.DateTimeFormat('pl', { timeZone: zone }).resolvedOptions().timeZone
    } catch {
      return undefined
    }
  })

// Creating a format costs some 50 µs and 26 KB, which the runtime is slow to free; using one costs under 2 µs, hundreds
// of times a page. So each zone has one format, for its wall time, which is then shown by formats shared between zones.
export const formats = new Recent<Intl.DateTimeFormat>(600)

function format(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const make = () => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options })
  return formats.get(`${locale} ${zone} ${JSON.stringify(options)}`, make)
}

/** Local time, expressed as if it were UTC. */
function wallTime(at: Date, zone: string): Date {
  const [date, time] = format('sv', zone, { dateStyle: 'short', timeStyle: 'medium' }).format(at).split(' ')
  return new Date(`${date}T${time}Z`)
}

/** Bounds the memory of a page that stays open for weeks. */
const maxTimes = 5000
const dayMs = 24 * 60 * 60 * 1000

/** @param zone an IANA name; `homeZone` is used for one that the runtime does not know */
export function clockOf(locale: string, zone: string, now: () => Date = () => new Date()): Clock {
  const tag = locale === 'en' ? 'en-GB' : locale
  const timeZone = canonicalZone(zone) ?? homeZone
  // Needed several times for every message at every draw.
  const times = new Recent<Date>(maxTimes)
  const local = (iso: string) => times.get(iso, () => wallTime(new Date(iso), timeZone))
  const today = () => wallTime(now(), timeZone)
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

const dayNumber = (local: Date) => Math.floor(local.getTime() / dayMs)
