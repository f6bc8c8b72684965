import postgres from 'postgres'
import { expect, test } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { Person } from '../testing/service.ts'
import { MailServer, type Step } from '../testing/smtp.ts'

test('a jobs process that is killed around sending loses no mail and writes none anew', async () => {
  const server = await MailServer.start()
  const DATABASE_URL = await freshDatabase()
  const service = await RunningService.start({
    DATABASE_URL,
    DATA_DIR: emptyFolder(),
    SMTP_URL: server.url,
    EMAIL_DELAY_SECONDS: '0',
    REGISTRATION: 'open',
    RATE_LIMITS: 'off',
  })
  const [ala, ola] = await Promise.all(['ala', 'ola'].map((name) => newcomer(service, name)))
  const id = await ala!.talkTo(ola!)
  const sql = postgres(DATABASE_URL, { max: 1 })
  const sentTo = (text: string) => server.mails.filter((mail) => mail.text.includes(text))

  for (const step of ['connect', 'to', 'data', 'accepted'] as Step[]) {
    const [pid] = await service.jobs()
    let isDone = false
    server.fault = (at) => {
      if (at !== step || isDone) return undefined
      isDone = true
      process.kill(pid!, 'SIGKILL')
      return 'vanish'
    }
    const { id: messageId } = await ala!.say(id, `ubity przy ${step}.`)
    const outcome = async () =>
      (
        await sql`select outcome from notification_ranges
          where ${messageId} between from_id and until_id and user_id = ${ola!.id}`
      )[0]?.outcome
    await expect.poll(outcome, { timeout: 15_000 }).toBe('sent')
    expect(isDone).toBe(true)
    const mails = sentTo(`ubity przy ${step}.`)
    expect(mails).toHaveLength(step === 'accepted' ? 2 : 1)
    expect(new Set(mails.map(({ headers }) => headers['message-id']![0])).size).toBe(1)
    expect(new Set(mails.map(({ text }) => text)).size).toBe(1)
  }
  await sql.end()
  expect(await service.stop()).toBe(0)
})

async function newcomer(service: RunningService, username: string): Promise<Person> {
  const person = new Person(service.address)
  const body = { email: `${username}@example.org`, username, password: 'tajne-haslo' }
  person.id = (await person.post('/api/auth/register', body)).body.user.id
  return person
}
