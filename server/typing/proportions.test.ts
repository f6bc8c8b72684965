import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'
import { durations } from './durations.ts'

/** How much faster time goes here: in the proportions that the service has. */
const faster = 5
const real = { ...durations }
for (const name of Object.keys(durations) as (keyof typeof durations)[]) durations[name] /= faster
const { anna, bartek } = await startService()

test('continuous typing is published now and then, not stopped meanwhile, and stopped soon after its end', async () => {
  const id = await anna.talkTo(bartek)
  const stream = await bartek.listen()
  const typingEvents = () => stream.events.filter(({ event }) => event === 'typing')
  const start = performance.now()
  // The page says it every second.
  while (performance.now() - start < 6000 / faster) {
    await anna.post(`/api/conversations/${id}/typing`)
    await new Promise((resolve) => setTimeout(resolve, 1000 / faster))
  }
  const published = typingEvents().map(({ data }) => data.is_typing)
  expect(published.length).toBeGreaterThanOrEqual(2)
  expect(new Set(published)).toEqual(new Set([true]))
  const end = performance.now()
  await stream.hear('typing', ({ is_typing }) => !is_typing)
  expect(performance.now() - end).toBeGreaterThan((real.stopsAfter - 1500) / faster)
  stream.close()
})
