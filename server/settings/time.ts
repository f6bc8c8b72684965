export interface TimeOfDay {
  hour: number
  minute: number
}

/** `02:30` */
export function timeOfDay(text: string): TimeOfDay {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  if (hour === undefined) throw new Error('must be a time of the day such as 02:30')
  return { hour: Number(hour), minute: Number(minute) }
}
