import postgres from 'postgres'
import { onTestFinished } from 'vitest'
import { admin } from './admin.ts'
import { emptyFolder } from './folder.ts'
import { freshDatabase } from './postgres.ts'
import { RunningService } from './process.ts'
import { Person } from './service.ts'

/** What a service keeps: its database, and its folder. */
export interface Home {
  DATABASE_URL: string
  DATA_DIR: string
}

export const password = 'tajne-haslo'

export const newHome = async (): Promise<Home> => ({
  DATABASE_URL: await freshDatabase(),
  DATA_DIR: emptyFolder(),
})

/** The service there, until the test has finished. */
export async function serve(home: Partial<Home>, more: Record<string, string> = {}): Promise<RunningService> {
  const service = await RunningService.start({ ...home, REGISTRATION: 'open', RATE_LIMITS: 'off', ...more })
  onTestFinished(async () => void (await service.stop()))
  return service
}

/** `npm run admin -- …` there. */
export const command = (home: Partial<Home>, line: string, more: Record<string, string> = {}) =>
  admin(line, { environment: { ...home, ...more } })

export async function newcomer(service: RunningService, username: string): Promise<Person> {
  const person = new Person(service.address)
  const body = { email: `${username}@example.org`, username, password }
  person.id = (await person.post('/api/auth/register', body)).body.user.id
  return person
}

/** The same browser, at another address of the service. */
export const at = (service: RunningService, { id, cookie }: Person): Person =>
  Object.assign(new Person(service.address), { id, cookie })

/** A connection to a database, until the test has finished. */
export function connect(url: string): postgres.Sql {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  onTestFinished(() => sql.end())
  return sql
}
