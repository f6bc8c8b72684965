import { expect, test } from 'vitest'
import { freshDatabase } from '../testing/postgres.ts'
import { startService } from '../testing/service.ts'
import { MailServer, type Step } from '../testing/smtp.ts'

/** The mail server refuses and vanishes, at every step of the dialogue. */
const server = await MailServer.start()
const { anna, bartek, celina, dawid, ewa } = await startService({
  DATABASE_URL: await freshDatabase(),
  SMTP_URL: server.url,
  EMAIL_DELAY_SECONDS: '600',
})
const { jobsLeft, workOff } = await import('../testing/jobs.ts')
const { decide } = await import('./decide.ts')
const { mail } = await import('./mail.ts')
const { whyNotified } = await import('./why.ts')
const later = () => workOff({ notify: decide, mail })

const others = Object.entries({ bartek, celina, dawid, ewa }).map(([name, { id }]) => ({
  id,
  email: `${name}@example.org`,
}))
const conversation = (
  await anna.post('/api/conversations', { name: 'Zarząd', member_ids: others.map(({ id }) => id) })
).body.conversation.id as number

const decisions = (messageId: number) =>
  Promise.all(others.map(async ({ id, email }) => ({ email, ...(await whyNotified(messageId, id)) })))

const steps: Step[] = ['connect', 'from', 'to', 'data', 'accepted']
const isLost = (step: Step) => ['to', 'data', 'accepted'].includes(step)

test.each(steps)(
  'a server that hangs up at "%s" gets the mail once it is back, exactly once',
  async (step) => {
    server.fault = (at) => (at === step ? 'vanish' : undefined)
    const { id } = await anna.say(conversation, `zniknął przy ${step}`)
    await later()
    expect(await jobsLeft()).toBe(4)
    server.fault = () => undefined
    await later()
    expect((await decisions(id)).map(({ outcome }) => outcome)).toEqual(Array(4).fill('sent'))
    for (const { email } of await decisions(id)) {
      const ids = server.take(email).map(({ headers }) => headers['message-id']![0])
      // A server that hung up after accepting gets it again, recognizable as the same mail.
      expect(ids).toHaveLength(step === 'accepted' ? 2 : 1)
      expect(new Set(ids).size).toBe(1)
    }
  },
)

test.each(steps.filter(isLost))(
  'a mail that may have arrived at "%s" is not mixed with later messages',
  async (step) => {
    server.fault = (at) => (at === step ? 'vanish' : undefined)
    await anna.say(conversation, 'pierwsza')
    await later()
    await anna.say(conversation, 'druga')
    server.fault = () => undefined
    await later()
    const mails = server.take('ewa@example.org')
    const first = mails.filter(({ text }) => text.includes('pierwsza'))
    expect(new Set(first.map(({ headers }) => headers['message-id']![0])).size).toBe(1)
    expect(mails.filter(({ text }) => text.includes('druga'))).toHaveLength(1)
    server.mails.length = 0
  },
)

test.each(steps.filter(isLost))(
  'a mail that may have arrived at "%s" stays one mail, even when it is refused before a new message comes',
  async (step) => {
    server.fault = (at) => (at === step ? 'vanish' : undefined)
    await anna.say(conversation, 'pierwsza')
    await later()
    server.fault = (at) => (at === 'from' ? { code: 451, words: 'try later' } : undefined)
    await later()
    await anna.say(conversation, 'druga')
    await later()
    server.fault = () => undefined
    await later()
    for (const name of ['bartek', 'celina', 'dawid', 'ewa']) {
      const mails = server.take(`${name}@example.org`)
      const idsOf = (text: string) =>
        mails.filter((each) => each.text.includes(text)).map(({ headers }) => headers['message-id']![0])
      expect(idsOf('pierwsza')).toHaveLength(step === 'accepted' ? 2 : 1)
      expect(idsOf('druga')).toHaveLength(1)
      expect(new Set([...idsOf('pierwsza'), ...idsOf('druga')]).size).toBe(2)
    }
  },
)

test.each(['connect', 'from', 'to', 'data'] as Step[])(
  'a mail refused temporarily at "%s" is sent later, together with newer messages',
  async (step) => {
    server.fault = (at) => (at === step ? { code: 451, words: 'try later' } : undefined)
    await anna.say(conversation, 'pierwsza')
    await later()
    await anna.say(conversation, 'druga')
    await later()
    server.fault = () => undefined
    await later()
    for (const name of ['bartek', 'celina', 'dawid', 'ewa'])
      expect(server.take(`${name}@example.org`)).toHaveLength(1)
  },
)

test('a permanently refused recipient is not retried for ever, and the reason is kept', async () => {
  let tried = 0
  server.fault = (step, recipient) => {
    if (step !== 'to' || recipient !== 'celina@example.org') return undefined
    tried++
    return { code: 550, words: 'no such person' }
  }
  const { id } = await anna.say(conversation, 'komu?')
  await later()
  await later()
  expect(tried).toBe(1)
  expect(await jobsLeft()).toBe(0)
  const byEmail = Object.fromEntries((await decisions(id)).map((each) => [each.email, each]))
  expect(byEmail['celina@example.org']).toMatchObject({
    outcome: 'refused',
    answer: expect.stringContaining('no such person'),
  })
  expect(byEmail['ewa@example.org']).toMatchObject({ outcome: 'sent' })
  server.mails.length = 0
})

test('a server that refuses us is retried, for that can be fixed', async () => {
  server.fault = (step) => (step === 'from' ? { code: 553, words: 'not your address' } : undefined)
  await anna.say(conversation, 'od kogo?')
  await later()
  expect(server.mails).toEqual([])
  server.fault = () => undefined
  await later()
  expect(server.mails).toHaveLength(4)
  server.mails.length = 0
})

test('whatever a server does, each message reaches each member in exactly one mail', {
  timeout: 60_000,
}, async () => {
  let seed = 20_261_120
  const chance = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return seed / 2 ** 31
  }
  let isMean = true
  server.fault = () => {
    if (!isMean || chance() > 0.12) return undefined
    return chance() < 0.5 ? 'vanish' : { code: 451, words: 'no' }
  }
  const sent: string[] = []
  for (let round = 0; round < 8; round++) {
    for (let i = 0; i < 3; i++) {
      const text = `runda-${round}-${i}.`
      await anna.say(conversation, text)
      sent.push(text)
    }
    await later()
    if (round % 3 === 1) await later()
  }
  isMean = false
  while ((await jobsLeft()) > 0) await later()
  for (const name of ['bartek', 'celina', 'dawid', 'ewa']) {
    const mails = server.take(`${name}@example.org`)
    for (const text of sent) {
      const holding = mails.filter((letter) => letter.text.includes(text))
      expect(holding.length, `${name} ${text}`).toBeGreaterThan(0)
      expect(new Set(holding.map(({ headers }) => headers['message-id']![0])).size, `${name} ${text}`).toBe(1)
    }
  }
})
