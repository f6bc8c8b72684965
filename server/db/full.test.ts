import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import type { MessagePage } from '../contract/messages.ts'
import { emptyFolder } from '../testing/folder.ts'
import { startPostgres } from '../testing/own-postgres.ts'
import { startService } from '../testing/service.ts'
import { mountSmallDisk } from '../testing/small-disk.ts'

const folder = emptyFolder()
const disk = mountSmallDisk(folder, 300)
if (disk) afterAll(disk.unmount)
const server = disk && (await startPostgres(folder))

test.skipIf(!server)(
  'on a full disk a message is refused until there is room, and readiness knows',
  async () => {
    const { anna, bartek } = await startService({ DATABASE_URL: server!.url, DATA_DIR: emptyFolder() })
    const path = `/api/conversations/${await anna.talkTo(bartek)}/messages`
    const send = (client_id: string = randomUUID()) =>
      anna.post(path, { content: randomBytes(6000).toString('hex'), client_id })
    const status = async () => (await anna.get('/readyz')).status
    expect(await status()).toBe(200)

    const clear = await disk!.fill()
    await expect.poll(status, { timeout: 5000 }).toBe(503)
    const statuses = new Set<number>()
    let refused = ''
    for (let i = 0; i < 3000 && !refused; i++) {
      const client_id = randomUUID()
      const answer = await send(client_id)
      statuses.add(answer.status)
      if (answer.status === 201) continue
      refused = client_id
      expect([answer.status, answer.body.code]).toEqual([503, 'unavailable'])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect([...statuses]).toContain(503)
    await sleep(1000)
    expect(await status()).toBe(503)

    await clear()
    await expect.poll(status, { timeout: 20_000 }).toBe(200)
    expect((await send(refused)).status).toBe(201)
    const { messages }: MessagePage = (await anna.get(path)).body
    expect(messages.filter((each) => each.client_id === refused)).toHaveLength(1)
  },
)
