import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { ask } from './client.ts'
import { ms, percentiles, print, ratio } from './measure.ts'
import { makeGroup, makeUsers, text } from './people.ts'
import { type Program, type Stack, startStack } from './stack.ts'

const members = 1000
const messages = 1200
const overMs = 60_000
/** The last mail is sent when none has come for so long. */
const silenceMs = 40_000

/** Sends into a large group while its absent members are mailed, against the same sends with no mail due. */
export async function benchMails(): Promise<void> {
  const stack = await startStack()
  const { server, mails } = await receiveMails()
  const SMTP_URL = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  try {
    const quiet = await measure(stack, { EMAIL_DELAY_SECONDS: '86400' })
    const mailed = await measure(stack, { SMTP_URL, EMAIL_DELAY_SECONDS: '20' }, () => untilQuiet(mails))
    const counts = [...mails.values()].map((ids) => ids.length)
    const doubled = [...mails.values()].reduce((sum, ids) => sum + ids.length - new Set(ids).size, 0)
    const row = (name: string, latencies: number[]) => {
      const { p50, p99 } = percentiles(latencies)
      return [name, ms(p50), ms(p99), ms(Math.max(...latencies)), ratio(p50, percentiles(quiet).p50)]
    }
    print(`${messages} sends a minute into a group of ${members}`, [
      ['', 'p50', 'p99', 'slowest', 'of no mails'],
      row('no mail due', quiet),
      row('mails on', mailed),
    ])
    print('Mails', [
      ['mailed', 'mails', 'fewest', 'most', 'doubled'],
      [
        `${mails.size} of ${members - 1}`,
        `${counts.reduce((sum, count) => sum + count, 0)}`,
        `${Math.min(...counts)}`,
        `${Math.max(...counts)}`,
        `${doubled}`,
      ],
    ])
  } finally {
    server.close()
    await stack.stop()
  }
}

async function measure(
  stack: Stack,
  settings: Record<string, string>,
  after: () => Promise<void> = async () => {},
): Promise<number[]> {
  const service = await stack.startService([], settings)
  try {
    const users = await makeUsers(stack.sql, members)
    const latencies = await send(service, await makeGroup(stack.sql, users), await stack.signIn([users[0]!]))
    await after()
    return latencies
  } finally {
    await service.stop()
  }
}

/** At an even pace, whether or not the one before is answered. @returns how long each took, ms */
function send(service: Program, group: number, [cookie]: string[]): Promise<number[]> {
  const start = performance.now()
  const one = async (_: unknown, number: number) => {
    const due = start + (number * overMs) / messages
    await sleep(Math.max(0, due - performance.now()))
    await ask('POST', service, `/api/conversations/${group}/messages`, cookie!, { content: text })
    return performance.now() - due
  }
  return Promise.all(Array.from({ length: messages }, one))
}

/** A mail server that accepts everything. @returns the Message-IDs that came, by recipient */
async function receiveMails() {
  const mails = new Map<string, string[]>()
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    async onData(stream, { envelope }, done) {
      const head = (await Array.fromAsync(stream)).join('').split('\r\n\r\n')[0]!
      const id = /^Message-ID: (.*)$/im.exec(head)![1]!
      for (const { address } of envelope.rcptTo) mails.set(address, [...(mails.get(address) ?? []), id])
      done()
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return { server, mails }
}

async function untilQuiet(mails: Map<string, string[]>): Promise<void> {
  const count = () => [...mails.values()].reduce((sum, ids) => sum + ids.length, 0)
  for (let before = -1; before !== count(); ) {
    before = count()
    await sleep(silenceMs)
  }
}
