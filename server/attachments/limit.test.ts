import { expect, test } from 'vitest'
import { said, upload } from '../testing/files.ts'
import { startService } from '../testing/service.ts'

const { anna, bartek } = await startService({ RATE_LIMITS: 'on' })

test('only the user who uploads without a pause is asked to wait', async () => {
  const answers = await Promise.all(Array.from({ length: 105 }, (_, i) => upload(anna, `${i}`, 'a.txt')))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(100)
  const refused = answers.find(({ status }) => status !== 201)!
  expect(said(refused)).toEqual([429, 'rate_limited'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await upload(bartek, 'b', 'b.txt')).status).toBe(201)
})
