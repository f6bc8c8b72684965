import { setTimeout as sleep } from 'node:timers/promises'
import { type RetryContext, retry } from './retry.ts'
import type { Talk } from './world.ts'

/** What was sent, and what was answered. */
export interface Entry {
  clientId: string
  talk: Talk
  /** Of the message, as every answer gave it; more than one is wrong. */
  ids: Set<number>
}

/** Everything the senders know. */
export class Ledger {
  /** By client_id. */
  readonly entries = new Map<string, Entry>()
  /** The last messages of each conversation: there is something to react to. */
  readonly lately = new Map<number, number[]>()
}

/** One member's page in one conversation: one send at a time. */
export interface Lane {
  talk: Talk
  senderId: number
  /** Which begins whatever is written in its installation. */
  mark: string
  messages: number
  /** Over which they are sent: ms. */
  time: number
}

const edits = 0.06
const reactions = 0.08
const deletions = 0.03
const renames = 0.003
/** Sent twice at once, as by two tabs. */
const twins = 0.02

/** Sends a lane's messages one after another, evenly, with a few changes in between. */
export async function sendLane(lane: Lane, means: RetryContext, ledger: Ledger): Promise<void> {
  const began = Date.now()
  const mine: number[] = []
  for (let nr = 0; nr < lane.messages; nr++) {
    const due = ((nr + means.random.next()) / lane.messages) * lane.time
    await sleep(Math.max(0, began + due - Date.now()), undefined, { signal: means.signal })
    mine.push(...(await send(lane, means, ledger, nr)))
    if (mine.length > 0) await changeSomething(lane, means, ledger, mine)
  }
}

/** @returns the message's id, if it was not refused */
async function send(lane: Lane, means: RetryContext, ledger: Ledger, nr: number): Promise<Set<number>> {
  const { talk, senderId, mark } = lane
  const entry: Entry = { clientId: means.random.uuid(), talk, ids: new Set() }
  ledger.entries.set(entry.clientId, entry)
  const body = { content: `<p>${mark} ${senderId} says ${nr}</p>`, client_id: entry.clientId }
  const once = () => retry(means, 'POST', `/api/conversations/${talk.id}/messages`, body)
  const began = Date.now()
  for (const answer of await Promise.all(means.random.chance(twins) ? [once(), once()] : [once()])) {
    if (answer.status < 300) entry.ids.add(answer.body.message.id)
    else means.tally.count('refused sends', `${answer.status} ${answer.body?.code}`)
  }
  means.tally.took('send', Date.now() - began)
  means.tally.add('sent')
  ledger.lately.set(talk.id, [...(ledger.lately.get(talk.id) ?? []), ...entry.ids].slice(-30))
  return entry.ids
}

async function changeSomething(
  { talk, mark, messages }: Lane,
  means: RetryContext,
  { lately }: Ledger,
  mine: number[],
): Promise<void> {
  const { random } = means
  const own = random.pick(mine.slice(-10))
  if (random.chance(edits))
    await change(means, 'PATCH', `/api/messages/${own}`, {
      content: `<p>${mark} better ${random.below(1e6)}</p>`,
    })
  if (random.chance(reactions)) {
    const path = `/api/messages/${random.pick(lately.get(talk.id) ?? [own])}/reactions`
    const emoji = random.pick(['👍', '❤️', '😂'])
    await change(means, 'POST', path, { emoji })
    if (random.chance(0.3)) await change(means, 'DELETE', `${path}/${encodeURIComponent(emoji)}`)
  }
  if (random.chance(deletions)) await change(means, 'DELETE', `/api/messages/${own}`)
  if (talk.isGroup && random.chance(Math.min(renames, 1 / messages)))
    await change(means, 'PATCH', `/api/conversations/${talk.id}`, { name: `${mark} ${random.below(1e6)}` })
}

/** What is deleted already may be neither edited nor reacted to; that is no failure. */
async function change(means: RetryContext, method: string, path: string, body?: object): Promise<void> {
  const { status } = await retry(means, method, path, body)
  if (status < 300) means.tally.add('changes')
  else means.tally.count('refused changes', `${status}`)
}
