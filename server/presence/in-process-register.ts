import type { Durations } from './durations.ts'
import type { Activity, Change, Device, Register, Status } from './register.ts'

interface Person {
  /** Device → expiry; 0 for one that waits for a heartbeat. */
  devices: Map<string, number>
  /** Latest expiry of their devices; `undefined` once they are known to be gone. */
  until: number | undefined
  isAway: boolean
  /** Last activity; 0 when none is known. */
  seen: number
}

const nameOf = ({ session, stream }: Device) => `${session}/${stream}`

/** The register of a single worker: the same promises without a Redis. */
export function openInProcessRegister(durations: Durations): Register {
  const { ttl, grace, awayAfter } = durations
  const people = new Map<number, Person>()

  const note = (userId: number, activity: Activity, enter: (devices: Person['devices']) => void) => {
    const person = people.get(userId) ?? { devices: new Map(), until: undefined, isAway: false, seen: 0 }
    people.set(userId, person)
    enter(person.devices)
    const status = enterStatus(person, activity, awayAfter)
    return status && changeOf(userId, person, status)
  }
  return {
    arrive: async (userId, device, activity) =>
      note(userId, activity, (devices) => devices.set(nameOf(device), Date.now() + ttl)),
    know: async (userId, device) =>
      note(userId, 'no', (devices) => devices.set(nameOf(device), devices.get(nameOf(device)) ?? 0)),
    beat: async (userId, session, activity, lastsMs) =>
      note(userId, activity, (devices) => beat(devices, `${session}/`, Date.now() + lastsMs)),
    touch: async (userId) => note(userId, 'yes', () => {}),
    leave: async (userId, device) =>
      note(userId, 'no', (devices) => {
        const expiry = devices.get(nameOf(device)) ?? 0
        devices.delete(nameOf(device))
        if (expiry > Date.now()) devices.set('/leaving', Date.now() + grace)
      }),
    sweep: async () =>
      [...people].flatMap(([userId, person]) => {
        forgetSessions(person.devices)
        const status = expire(person, awayAfter)
        if (person.until === undefined && isForgotten(person, awayAfter)) people.delete(userId)
        return status ? changeOf(userId, person, status) : []
      }),
    find: async (userIds) =>
      userIds.map((userId) => {
        const person = people.get(userId)
        const status = !person?.until ? 'offline' : person.isAway ? 'away' : 'online'
        return { status, seen: person?.seen || undefined }
      }),
  }
}

const changeOf = (userId: number, { seen }: Person, status: Status): Change => ({
  userId,
  status,
  at: Date.now(),
  seen: seen || undefined,
})

/** Sessions without a stream whose heartbeats have stopped: for a user who never leaves they would pile up. */
function forgetSessions(devices: Map<string, number>): void {
  for (const [device, expiry] of devices)
    if (device.endsWith('/') && expiry <= Date.now()) devices.delete(device)
}

function beat(devices: Map<string, number>, session: string, expiry: number): void {
  devices.delete(session)
  const own = [...devices.keys()].filter((device) => device.startsWith(session))
  for (const device of own.length > 0 ? own : [session]) devices.set(device, expiry)
}

/** What an entry makes of the person's status, when it makes it another one. */
function enterStatus(person: Person, activity: Activity, awayAfter: number): Status | undefined {
  const latest = Math.max(0, ...person.devices.values())
  if (latest <= Date.now()) return undefined
  const { isAway, until } = person
  const isNew = until === undefined
  person.until = latest
  if (activity === 'yes' || (activity === 'if-new' && isNew)) {
    person.isAway = false
    person.seen = Date.now()
    return isNew || isAway ? 'online' : undefined
  }
  if (!isNew) return undefined
  person.isAway = person.seen <= Date.now() - awayAfter
  return person.isAway ? 'away' : 'online'
}

function expire(person: Person, awayAfter: number): Status | undefined {
  if (person.until === undefined) return undefined
  if (person.until <= Date.now()) {
    person.until = undefined
    person.isAway = false
    return 'offline'
  }
  if (person.isAway || person.seen > Date.now() - awayAfter) return undefined
  person.isAway = true
  return 'away'
}

/** Devices that wait for a heartbeat are still open: their worker takes them out. */
const isForgotten = ({ devices, seen }: Person, awayAfter: number) =>
  seen <= Date.now() - awayAfter && devices.values().every((expiry) => expiry > 0)
