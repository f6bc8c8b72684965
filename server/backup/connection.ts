import type { Sql } from 'postgres'
import { openPostgres } from '../db/address.ts'

/** One connection, which may take as long as it needs. @param lost called when it ends, whoever ended it */
export const openPatiently = (url: string, application_name: string, lost = () => {}): Sql =>
  openPostgres(url, {
    max: 1,
    connect_timeout: 10,
    // The driver would replace it after some time, and what it has locked would be free.
    max_lifetime: null,
    onnotice: () => {},
    onclose: lost,
    connection: {
      application_name,
      TimeZone: 'UTC',
      statement_timeout: 0,
      lock_timeout: 0,
      idle_in_transaction_session_timeout: 0,
    },
  })
