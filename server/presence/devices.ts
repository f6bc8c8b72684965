import type { Live, OpenedStream } from '../live/live.ts'
import { announce } from './announce.ts'
import { bestEffort } from './best-effort.ts'
import { durations } from './durations.ts'
import { type Activity, type Device, register } from './register.ts'

interface OpenDevice extends Device {
  userId: number
  /** Whether being open keeps its user present. */
  isKept: boolean
  /** ms since 1970 */
  enteredAt: number
}

const devices = new Map<string, OpenDevice>()
export const attempt = bestEffort('presence')

/**
 * What makes a member look present.
 *
 * - A stream opened without `attended` is a program's: a device for as long as it is open.
 * - Our page opens its stream with `attended=1` when it is visible, with `attended=0` when it is hidden. Such a
 *   stream by itself keeps nobody present, for a closed laptop's connection is half open for hours, and a sleeping
 *   tab reconnects by itself. `attended=1` counts as one heartbeat; from then on the page must send one every 30 s
 *   while it is visible, and at once when it becomes visible or its stream is connected again.
 * - An EventSource that reconnects by itself repeats its URL, so also `attended=1`, hours later and with nobody there;
 *   but it sends the header `Last-Event-ID`, which a page cannot set. Then it counts as `attended=0`.
 *   (A page that opens a new stream where an old one ended says so with `last_event_id` in the query.)
 * - A heartbeat counts for 60 s (a client of NODUS says longer), for all streams of its session; without any, for
 *   the session.
 * - Any stream that is closed takes its part of presence along, after 5 s of grace.
 *
 * A program that reconnects is no more active than before, unless its user was not present before.
 */
function opened(opened: OpenedStream): void {
  const isKept = opened.attended === undefined
  const { id: stream, userId, session } = opened
  const device = { userId, session, stream, isKept, enteredAt: Date.now() }
  devices.set(stream, device)
  if (isKept) enter(device, opened.isReconnect ? 'if-new' : 'yes')
  else if (opened.attended && !opened.isReconnect) arrive(device, 'yes')
  else enter(device, 'no')
}

const arrive = async (device: OpenDevice, activity: Activity) =>
  announce(await attempt(register.arrive(device.userId, device, activity), undefined))

async function enter(device: OpenDevice, activity: Activity): Promise<void> {
  if (device.isKept) await arrive(device, activity)
  else announce(await attempt(register.know(device.userId, device), undefined))
}

async function closed({ id, userId }: OpenedStream): Promise<void> {
  const device = devices.get(id)
  devices.delete(id)
  if (device) announce(await attempt(register.leave(userId, device), undefined))
}

/**
 * From now on open streams make their users present.
 * @returns to be called at the end. Users of streams that are still open do not leave by it, for they are to reconnect
 * to another worker; if they do not, they expire.
 */
export function followStreams({ events }: Live): () => void {
  events.on('opened', opened)
  events.on('closed', closed)
  return () => {
    events.off('opened', opened)
    events.off('closed', closed)
    devices.clear()
  }
}

/** Enters the streams that are open here afresh, each every 30 s. */
export async function refreshDevices(): Promise<void> {
  const now = Date.now()
  const due = devices.values().filter((device) => now - device.enteredAt >= durations.refresh)
  await Promise.all(
    [...due].map((device) => {
      device.enteredAt = now
      return enter(device, 'if-new')
    }),
  )
}
