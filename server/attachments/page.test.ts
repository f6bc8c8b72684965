import { expect, test } from 'vitest'
import { upload } from '../testing/files.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { startService } from '../testing/service.ts'
import { countStatements } from '../testing/statements.ts'

const statements = await countStatements(await freshDatabase())
const { anna, bartek, celina, dawid, ewa } = await startService({ DATABASE_URL: statements.url })
const people = [anna, bartek, celina, dawid, ewa]

async function makeGroup(): Promise<number> {
  const member_ids = people.slice(1).map(({ id }) => id)
  return (await anna.post('/api/conversations', { name: 'Grupa', member_ids })).body.conversation.id
}

test('a page of messages takes the same number of statements, whatever it contains', async () => {
  const [plain, full] = [await makeGroup(), await makeGroup()]
  await anna.say(plain, 'jedna')
  let reply_to_id: number | undefined
  for (let n = 0; n < 50; n++) {
    const { attachment } = (await upload(anna, `plik ${n}`, `${n}.txt`)).body
    const message: { id: number } = await anna.say(full, `nr ${n}`, {
      reply_to_id,
      attachment_ids: [attachment.id],
    })
    reply_to_id = message.id
    await Promise.all(
      people.map((person) => person.post(`/api/messages/${message.id}/reactions`, { emoji: '👍' })),
    )
  }
  const cost = async (id: number) => {
    const read = () => anna.get(`/api/conversations/${id}/messages?limit=50`)
    // Not the first time, when the driver also fetches the types.
    for (let i = 0; i < 20; i++) await read()
    const { messages } = (await read()).body
    return { messages, statements: await statements.during(read) }
  }
  const [one, fifty] = [await cost(plain), await cost(full)]
  expect(one.messages).toHaveLength(1)
  expect(fifty.messages).toHaveLength(50)
  for (const { attachments, reactions } of fifty.messages)
    expect([attachments.length, reactions.length]).toEqual([1, 5])
  expect(fifty.messages.filter((message: { reply_to: object | null }) => message.reply_to)).toHaveLength(49)
  expect(fifty.statements).toBe(one.statements)
  expect(fifty.statements).toBeLessThanOrEqual(6)
})
