import { beforeEach } from 'vitest'
import { freshDatabase } from './postgres.ts'
import { PushService } from './push-service.ts'
import { type Person, startService } from './service.ts'

export type Subscription = ReturnType<PushService['subscription']>

/** The service beside a push service; before each test nobody has subscribed, and no job waits. */
export async function startPushing() {
  const { durations } = await import('../presence/durations.ts')
  Object.assign(durations, { grace: 100, sweepEvery: 50 })
  const pushes = await PushService.start()
  const service = await startService({
    DATABASE_URL: await freshDatabase(),
    LINK_PREVIEW_ALLOW_HOSTS: pushes.host,
    BASE_URL: 'http://portal.example.org',
    MAIL_FROM: 'Rozmowa <rozmowa@example.org>',
  })
  const { sql } = await import('../db/client.ts')
  const { workOff } = await import('./jobs.ts')
  const { push } = await import('../push/push.ts')
  const { pushAgain } = await import('../push/again.ts')
  const { pushMentioned } = await import('../push/mentioned.ts')
  const nothing = async () => {}

  beforeEach(async () => {
    await sql`delete from push_subscriptions`
    await sql`delete from rozmowa_jobs._private_jobs`
    await sql`update conversations set push_from_id = null`
    pushes.forget()
  })
  return {
    pushes,
    service,
    push,
    /** Does what there is to do. */
    later: () =>
      workOff({
        push,
        push_again: pushAgain,
        mentioned: pushMentioned,
        notify: nothing,
        preview: nothing,
      }),
    async subscribe(who: Person, subscription: Subscription = pushes.subscription()): Promise<Subscription> {
      const { status, body } = await who.post('/api/push/subscriptions', subscription)
      if (status !== 204) throw new Error(`the subscription was refused: ${JSON.stringify(body)}`)
      return subscription
    },
    unsubscribe: (who: Person, endpoint: string) =>
      who.request('DELETE', '/api/push/subscriptions', {
        body: JSON.stringify({ endpoint }),
        headers: { 'content-type': 'application/json' },
      }),
    /** Endpoints. */
    subscriptionsOf: async ({ id }: Person): Promise<string[]> =>
      (
        await sql<{ endpoint: string }[]>`
          select endpoint from push_subscriptions where user_id = ${id} order by id`
      ).map(({ endpoint }) => endpoint),
  }
}

/** @returns the group's id */
export const groupOf = async (owner: Person, name: string, ...others: Person[]): Promise<number> =>
  (await owner.post('/api/conversations', { name, member_ids: others.map(({ id }) => id) })).body.conversation
    .id

/** @returns the status of somebody, as a contact of theirs sees it */
export const statusOf = async ({ id }: Person, contact: Person): Promise<string> =>
  (await contact.get(`/api/users/presence?ids=${id}`)).body.presences[0]!.status
