import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Conversation } from '../../server/contract/conversations.ts'
import { textsIn } from '../../views/texts/texts.ts'
import { Typings } from './typings.ts'

const group = { id: 1, is_group: true } as Conversation
const direct = { id: 1, is_group: false } as Conversation
const names = ['Anna Kowalska', 'Bartek Zieliński', 'Celina Wójcik', 'Dawid', 'Ewa']

let typings: Typings
beforeEach(() => {
  vi.useFakeTimers()
  typings = new Typings()
})
afterEach(() => vi.useRealTimers())

const type = (user_id: number, is_typing = true) => {
  const display_name = names[user_id] as string
  const person = { user_id, user_name: display_name, username: '', display_name }
  typings.receive({ conversation_id: 1, ...person, is_typing })
}
const words = (conversation = group) => typings.words(conversation, textsIn('pl'))

test('those typing are named, or counted when there are too many', () => {
  expect(words()).toBe('')
  type(0)
  expect(words(direct)).toBe('pisze…')
  expect(words()).toBe('Anna pisze…')
  type(1)
  expect(words()).toBe('Anna i Bartek piszą…')
  type(2)
  expect(words()).toBe('3 osoby piszą…')
  type(3)
  type(4)
  expect(words()).toBe('5 osób pisze…')
})

test('typing ends by event, by message, or by timeout', () => {
  type(0)
  type(0, false)
  expect(words()).toBe('')
  type(0)
  typings.stop(1, 0)
  expect(words()).toBe('')
  type(0)
  vi.advanceTimersByTime(10_000)
  type(0)
  vi.advanceTimersByTime(10_000)
  expect(words()).toBe('Anna pisze…')
  vi.advanceTimersByTime(1000)
  expect(words()).toBe('')
})
