import type { Connection } from './connection.ts'

/** A naive time of the portal as the moment it means. */
export const moment = (db: Connection, column: string) => db`${db(column)} at time zone 'UTC'`

/** The same within what can be: `infinity`, and clocks that went wrong, would stay on top of every list. */
export const sane = (db: Connection, time: ReturnType<typeof moment>) =>
  db`case when ${time} is not null then least(greatest(${time}, '1970-01-01Z'::timestamptz), now()) end`
