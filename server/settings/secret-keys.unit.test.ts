import { expect, test } from 'vitest'
import { keysIn } from './secret-keys.ts'

const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(16)) as [string, string, string]

test.each<[secret: string, keys: string[]]>([
  [a, [a]],
  [`${b},${a}`, [b, a]],
  [`${b} ${a}`, [b, a]],
  [`${c}, ${b}\n${a}`, [c, b, a]],
  [`${a},`, [`${a},`]],
  ['a passphrase of several words', ['a passphrase of several words']],
  [`${b},short`, [`${b},short`]],
  [`${b},correct horse battery staple`, [b, 'correct horse battery staple']],
  [`correct horse, battery staple,${b}`, ['correct horse, battery staple', b]],
  ['correct horse battery, staple correct', ['correct horse battery, staple correct']],
])('%j has the keys %j', (secret, keys) => {
  const found = keysIn(secret)
  expect(found.slice(0, keys.length)).toEqual(keys)
  expect(found).toContain(secret)
  expect(new Set(found)).toEqual(new Set([...keys, secret]))
})
