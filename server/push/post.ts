import type { IncomingMessage } from 'node:http'
import { Agent } from 'node:https'
import webPush from 'web-push'
import { config } from '../config.ts'
import { Refused, type Resolve } from '../previews/guard.ts'
import { requestGuarded, TooSlow, within } from '../previews/request.ts'
import { noteAnswer, noteSilence, pauseOf } from './breaker.ts'
import { endpointUrl } from './endpoint.ts'
import type { KeyPair } from './keys.ts'

export type Outcome =
  | { kind: 'accepted' }
  /** The subscription does not exist any more. */
  | { kind: 'gone' }
  /** It will not be accepted at another time either. */
  | { kind: 'refused'; why: string }
  /** `seconds` for which the push service wants to be left alone; 0 when it did not say. */
  | { kind: 'later'; why: string; seconds: number }

export interface Push {
  endpoint: string
  p256dh: string
  auth: string
  payload: string
  /** Of pushes with one topic the push service keeps only the newest. */
  topic: string
}

/** Who is away for longer finds the messages anyway. */
const ttlSeconds = 24 * 60 * 60
const maxMs = 5000
/** A push service that takes longer is as good as silent: it would hold up everybody's pushes and mails. */
const slowMs = 2500
const maxAnswerBytes = 16 * 1024
const maxWaitSeconds = 6 * 60 * 60

/** Connections are kept for those who come next, for nearly all subscriptions are at a few push services. */
const agent = new Agent({ keepAlive: true, maxFreeSockets: 8, timeout: 30_000 })

/** Whom a push service can turn to. */
const subject = config.baseUrl.startsWith('https:') ? config.baseUrl : `mailto:${config.mailFrom.address}`

/**
 * Hands a push to the push service of a subscription, encrypted for the browser alone; never throws.
 * @param resolve replaces the system's resolver
 */
export async function post(push: Push, keys: KeyPair, resolve?: Resolve): Promise<Outcome> {
  const origin = URL.parse(push.endpoint)?.origin ?? ''
  const seconds = pauseOf(origin)
  if (seconds > 0) return { kind: 'later', why: 'no answer lately', seconds }
  try {
    const start = performance.now()
    const outcome = await send(push, keys, resolve)
    if (performance.now() - start < slowMs) noteAnswer(origin)
    else noteSilence(origin)
    return outcome
  } catch (error) {
    const why = (error as Error).message
    if (error instanceof Refused && !(error instanceof TooSlow)) return { kind: 'refused', why }
    noteSilence(origin)
    return { kind: 'later', why, seconds: 0 }
  }
}

/** @throws Refused, or the connection's error */
async function send(push: Push, keys: KeyPair, resolve: Resolve | undefined): Promise<Outcome> {
  const { p256dh, auth, payload, topic } = push
  const url = endpointUrl(push.endpoint)
  // Only written by it, not sent: it would read an answer without end, and parses the URL in its own way.
  const { headers, body } = webPush.generateRequestDetails(
    { endpoint: url.href, keys: { p256dh, auth } },
    payload,
    { vapidDetails: { subject, ...keys }, contentEncoding: 'aes128gcm', TTL: ttlSeconds, topic },
  )
  const request = { method: 'POST', headers, body, agent, resolve } as const
  return within(maxMs, async (signal) => {
    const answer = await requestGuarded(url, request, signal)
    await drain(answer)
    return outcomeOf(answer)
  })
}

/** So that the connection can be used again, if that takes little; the head has said everything. */
async function drain(answer: IncomingMessage): Promise<void> {
  let bytes = 0
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > maxAnswerBytes) break
    }
  } catch {
    // Hung up, or too slow.
  }
}

function outcomeOf({ statusCode = 0, headers }: IncomingMessage): Outcome {
  const why = `an answer of ${statusCode}`
  if (statusCode >= 200 && statusCode < 300) return { kind: 'accepted' }
  if (statusCode === 404 || statusCode === 410) return { kind: 'gone' }
  if (statusCode === 429 || statusCode >= 500)
    return { kind: 'later', why, seconds: secondsOf(headers['retry-after']) }
  return { kind: 'refused', why }
}

/** Of Retry-After, which is a number or a date. */
function secondsOf(text = ''): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), maxWaitSeconds) : 0
}
