import { expect, test } from 'vitest'
import { phoneTarget } from './addresses.ts'

test.each([
  ['600 100 200', 'tel:+48600100200'],
  [' +48 22 123 45 67 ', 'tel:+48221234567'],
  ['22 123 45 67 wew. 5', undefined],
  ['600 100 200 (9-15)', undefined],
  ['12345678', undefined],
  ['sekretariat', undefined],
  ['biuro@example.org', undefined],
  ['600 100 200, 600 100 201', undefined],
])('a phone %j of a profile is called by %j', (phone, target) => {
  expect(phoneTarget(phone)).toBe(target)
})
