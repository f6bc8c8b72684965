import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { apart, batched } from './batch.ts'

interface Question {
  name: string
  key?: string
}

const refused = (message: string) => Object.assign(new Error(message), { severity: 'ERROR' })

/** A database that answers when the test lets it, and remembers what it was asked together. */
function database(
  answerTo: (names: string[]) => (string | typeof apart)[] = (names) => names,
  { maxAtOnce, maxTogether = 100 }: { maxAtOnce?: number; maxTogether?: number } = { maxAtOnce: 2 },
) {
  const statements: string[] = []
  const held: (() => void)[] = []
  let isHolding = true
  const ask = batched<Question, string>({
    ...(maxAtOnce && { maxAtOnce }),
    maxTogether,
    keyOf: ({ name, key = name }) => key,
    async ask(questions) {
      const names = questions.map(({ name }) => name)
      statements.push(names.join(' '))
      if (isHolding) await new Promise<void>((resolve) => held.push(resolve))
      return answerTo(names)
    },
  })
  return {
    statements,
    ask: (...questions: Question[]) =>
      Promise.all(questions.map((question) => ask(question).catch((error: Error) => error.message))),
    /** Statements are answered from now on. */
    answer() {
      isHolding = false
      for (const resolve of held.splice(0)) resolve()
    },
  }
}

const named = (...names: string[]) => names.map((name) => ({ name }))

test('what is asked in one turn shares a statement, and each gets its own answer', async () => {
  const { ask, answer, statements } = database((names) => names.map((name) => `${name}!`))
  const answers = ask(...named('a', 'b', 'c'))
  answer()
  expect(await answers).toEqual(['a!', 'b!', 'c!'])
  expect(statements).toEqual(['a b c'])
})

test.each([
  ['one statement is', undefined, ['a'], ['a', 'b c d']],
  ['two statements are', 2, ['a', 'b'], ['a', 'b', 'c d']],
])('what is asked while %s under way shares the next one', async (_, maxAtOnce, first, all) => {
  const { ask, answer, statements } = database((names) => names, maxAtOnce ? { maxAtOnce } : {})
  const answers = []
  for (const name of ['a', 'b', 'c', 'd']) {
    answers.push(ask({ name }))
    await nextTurn()
    await nextTurn()
  }
  expect(statements).toEqual(first)
  answer()
  expect(await Promise.all(answers)).toEqual([['a'], ['b'], ['c'], ['d']])
  expect(statements).toEqual(all)
})

test('what has the key of one under way waits for it, and nothing else does', async () => {
  const { ask, answer, statements } = database()
  const first = ask({ name: 'a1', key: 'a' })
  await nextTurn()
  await nextTurn()
  const others = ask({ name: 'a2', key: 'a' }, { name: 'b', key: 'b' }, { name: 'a3', key: 'a' })
  await nextTurn()
  await nextTurn()
  expect(statements).toEqual(['a1', 'b'])
  answer()
  await Promise.all([first, others])
  expect(statements).toEqual(['a1', 'b', 'a2 a3'])
})

test('what the server refuses fails alone, and the order of a key stays', async () => {
  const { ask, answer, statements } = database((names) => {
    if (names.includes('bad')) throw refused('cannot be stored')
    return names
  })
  const answers = ask(
    { name: 'a' },
    { name: 'b1', key: 'b' },
    { name: 'bad', key: 'b' },
    { name: 'b3', key: 'b' },
  )
  answer()
  expect(await answers).toEqual(['a', 'b1', 'cannot be stored', 'b3'])
  expect(statements).toEqual(['a b1 bad b3', 'a', 'b1 bad b3', 'b1', 'bad', 'b3'])
})

test('what could not be answered together is asked again, before what comes after it', async () => {
  const { ask, answer, statements } = database((names) =>
    names.map((name) => (name.startsWith('a') && names.includes('b') ? apart : name)),
  )
  const answers = ask({ name: 'a1', key: 'a' }, { name: 'b' }, { name: 'a2', key: 'a' })
  answer()
  expect(await answers).toEqual(['a1', 'b', 'a2'])
  expect(statements).toEqual(['a1 b a2', 'a1 a2'])
})

test('after a lost connection nothing is asked again', async () => {
  const { ask, answer, statements } = database(() => {
    throw new Error('connection lost')
  })
  const answers = ask(...named('a', 'b'))
  answer()
  expect(await answers).toEqual(['connection lost', 'connection lost'])
  expect(statements).toEqual(['a b'])
  expect(await ask({ name: 'c' })).toEqual(['connection lost'])
})

test('without an answer in time, what was asked fails, and what waited is asked', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { ask, statements } = database((names) => names, {})
  const hanging = ask({ name: 'a' })
  await nextTurn()
  await nextTurn()
  const waiting = ask({ name: 'b' })
  await vi.advanceTimersByTimeAsync(11_999)
  expect(statements).toEqual(['a'])
  await vi.advanceTimersByTimeAsync(1)
  expect(await hanging).toEqual(['no answer in time'])
  await nextTurn()
  await nextTurn()
  expect(statements).toEqual(['a', 'b'])
  await vi.advanceTimersByTimeAsync(12_000)
  expect(await waiting).toEqual(['no answer in time'])
  vi.useRealTimers()
})

test.each([100, 20])('at most %i share a statement; the rest do not wait for it', async (maxTogether) => {
  const { ask, answer, statements } = database((names) => names, { maxAtOnce: 2, maxTogether })
  const answers = ask(...named(...Array.from({ length: 1.5 * maxTogether }, (_, i) => `${i}`)))
  await nextTurn()
  await nextTurn()
  await nextTurn()
  expect(statements.map((names) => names.split(' ').length)).toEqual([maxTogether, maxTogether / 2])
  answer()
  await answers
})
