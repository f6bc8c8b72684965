import { sql } from '../db/client.ts'

/** Gives failed jobs all their attempts again, starting now. @returns how many */
export async function retryJobs(ids: number[]): Promise<number> {
  const { count } = await sql`
    update rozmowa_jobs._private_jobs set attempts = 0, run_at = now(), updated_at = now()
    where id = any(${ids}) and locked_at is null`
  return count
}
