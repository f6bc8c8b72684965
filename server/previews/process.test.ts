import { expect, test } from 'vitest'
import { Listener } from '../testing/listener.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { Person, startService } from '../testing/service.ts'
import { countStatements } from '../testing/statements.ts'
import { stranger } from '../testing/stranger.ts'

const site = await stranger((_req, res) =>
  res.writeHead(200, { 'content-type': 'text/html' }).end('<title>Strona</title>'),
)
const database = await countStatements(await freshDatabase())
const settings = { DATABASE_URL: database.url, LINK_PREVIEW_ALLOW_HOSTS: site.host }
const { anna, bartek } = await startService(settings)
const conversation = await anna.talkTo(bartek)
await anna.say(conversation, 'Cześć')

test('a link costs who sends it no further round trip', async () => {
  const plain = await database.during(() => anna.say(conversation, 'nic'))
  const link = await database.during(() => anna.say(conversation, 'http://10.0.0.1/'))
  expect(link).toBe(plain)
})

test('the jobs process makes previews and publishes them', async () => {
  const { DATA_DIR, REDIS_URL = '', SESSION_SECRET } = process.env as Record<string, string>
  const other = await RunningService.start({
    ...settings,
    DATA_DIR: DATA_DIR!,
    REDIS_URL,
    SESSION_SECRET: SESSION_SECRET!,
  })
  const url = `${other.address}/api/messages/stream`
  const stream = await Listener.open(url, bartek.cookie)
  const sender = Object.assign(new Person(other.address), { cookie: anna.cookie })
  const { id } = await sender.say(conversation, `${site.address}/`)
  // The process begins with the jobs when it has come up.
  await expect.poll(() => site.asked, { timeout: 10_000 }).toEqual(['/'])
  const { message } = await stream.hear('message_updated', (event) => event.message.id === id)
  expect(message.link_preview).toEqual({
    url: `${site.address}/`,
    title: 'Strona',
    description: null,
    image: null,
  })
  stream.close()
  expect(await other.stop()).toBe(0)
})
