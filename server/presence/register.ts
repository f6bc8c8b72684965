import type { Presence } from '../contract/presence.ts'

export type Status = Presence['status']

/** A stream, as the register knows it. */
export interface Device {
  /** Of the session, so that a heartbeat speaks for all streams of its browser. No `/` in it. */
  session: string
  stream: string
}

/** What is announced to contacts. */
export interface Change {
  userId: number
  status: Status
  /** When it happened, in ms since 1970 by the register's one clock. */
  at: number
  /** Last activity, in ms since 1970; `undefined` when none is known. */
  seen: number | undefined
}

/** Whether an entry is a sign that somebody acted; `if-new` when the user was not known to be here. */
export type Activity = 'yes' | 'no' | 'if-new'

/**
 * Who is here: devices with an expiry, and the last activity of their user. Shared by all workers. Each method that
 * changes something returns the user's new status when it has become another one, and it does so to one caller
 * only.
 */
export interface Register {
  /** The device keeps its user present for the TTL. */
  arrive(userId: number, device: Device, activity: Activity): Promise<Change | undefined>
  /** The device is known, but keeps nobody present before a heartbeat of its session comes. */
  know(userId: number, device: Device): Promise<Change | undefined>
  /** All devices of the session keep their user present for so many ms; without one, the session itself does. */
  beat(userId: number, session: string, activity: Activity, lastsMs: number): Promise<Change | undefined>
  /** Activity of somebody present; who is not here does not come by it. */
  touch(userId: number): Promise<Change | undefined>
  /** When it was the last one, its user is offline after the grace. */
  leave(userId: number, device: Device): Promise<Change | undefined>
  /** Takes those whose last device has expired, and those without activity. */
  sweep(): Promise<Change[]>
  find(userIds: readonly number[]): Promise<Found[]>
}

/** In the order asked for. */
export type Found = Pick<Change, 'status' | 'seen'>

/** The worker's register. Set by `openPresence`. */
export let register: Register

export function useRegister(opened: Register): void {
  register = opened
}
