/** Midnight in the reader's zone, in ISO 8601. @param day YYYY-MM-DD @param later so many days */
export function startOfDay(day: string, later = 0): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  return new Date(year, month - 1, date + later).toISOString()
}
