/** Dates and times as the reader's clock and language have them; `zone` is an IANA name. */
export interface Clock {
  /** 14:05 */
  time(iso: string): string
  /** A calendar day as YYYY-MM-DD, for comparing. */
  day(iso: string): string
  /** poniedziałek, 16 listopada; with the year when it is another one. */
  longDay(iso: string): string
  /** For the list: the time today, else the weekday, else the date. */
  brief(iso: string): string
  /** The time today, else the date and the time. */
  moment(iso: string): string
  /** The whole date and time, for a tooltip. */
  full(iso: string): string
  isToday(iso: string): boolean
  isYesterday(iso: string): boolean
}

const DAY = 24 * 60 * 60 * 1000
const formats = new Map<string, Intl.DateTimeFormat>()

// Making a format costs some 50 µs, using one under 2: a page asks for hundreds.
function format(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options })
  formats.set(key, made)
  return made
}

/** True for a time zone this runtime knows; a cookie may hold anything. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('pl', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

export function clockOf(locale: string, zone: string, now: () => Date = () => new Date()): Clock {
  const tag = locale === 'en' ? 'en-GB' : locale
  const show = (iso: string | Date, options: Intl.DateTimeFormatOptions) =>
    format(tag, zone, options).format(new Date(iso))
  const dayOf = (at: string | Date) =>
    format('sv', zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(at))
  const days = new Map<string, string>()
  // Asked several times of every message at every draw.
  const day = (iso: string) => {
    const known = days.get(iso) ?? dayOf(iso)
    days.set(iso, known)
    return known
  }
  const ago = (count: number) => dayOf(new Date(now().getTime() - count * DAY))
  const sameYear = (iso: string) => day(iso).slice(0, 4) === dayOf(now()).slice(0, 4)
  const time = (iso: string) => show(iso, { hour: '2-digit', minute: '2-digit' })
  return {
    time,
    day,
    longDay: (iso) =>
      show(iso, {
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        ...(sameYear(iso) ? {} : { year: 'numeric' }),
      }),
    brief: (iso) => {
      if (day(iso) === ago(0)) return time(iso)
      if (day(iso) > ago(6)) return show(iso, { weekday: 'short' })
      return show(iso, sameYear(iso) ? { day: 'numeric', month: 'short' } : { dateStyle: 'short' })
    },
    moment: (iso) =>
      day(iso) === ago(0)
        ? time(iso)
        : show(iso, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
    full: (iso) => show(iso, { dateStyle: 'full', timeStyle: 'short' }),
    isToday: (iso) => day(iso) === ago(0),
    isYesterday: (iso) => day(iso) === ago(1),
  }
}
