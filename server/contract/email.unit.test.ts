import { expect, test } from 'vitest'
import { writtenEmail } from '../accounts/written-email.ts'
import { canonicalEmail, emailAddress } from './email.ts'

test.each([
  ['x@zażółć.pl', 'x@xn--za-6ja4f8n1l.pl', 'x@zażółć.pl'],
  ['x@ZAŻÓŁĆ.PL', 'x@xn--za-6ja4f8n1l.pl', 'x@zażółć.pl'],
  ['x@zaz\u0307o\u0301łc\u0301.pl', 'x@xn--za-6ja4f8n1l.pl', 'x@zażółć.pl'],
  ['x@xn--za-6ja4f8n1l.pl', 'x@xn--za-6ja4f8n1l.pl', 'x@zażółć.pl'],
  ['x@президент.рф', 'x@xn--d1abbgf6aiiy.xn--p1ai', 'x@президент.рф'],
  ['x@例え。jp', 'x@xn--r8jz45g.jp', 'x@例え.jp'],
  ['x@faß.de', 'x@xn--fa-hia.de', 'x@faß.de'],
  ['x@ż\u00adaba.pl\u200b', 'x@xn--aba-22a.pl', 'x@żaba.pl'],
  [" Zofia.O'Neil+a@Example.org\u00a0", "Zofia.O'Neil+a@Example.org", "Zofia.O'Neil+a@example.org"],
  ['x@a-b.example.museum', 'x@a-b.example.museum', 'x@a-b.example.museum'],
])('%j is stored as %s', (typed, stored, written) => {
  expect(canonicalEmail(typed)).toBe(stored)
  expect(emailAddress.safeParse(stored).success).toBe(true)
  expect(writtenEmail(stored)).toBe(written)
})

test.each([
  '',
  'x',
  'x@',
  '@ż.pl',
  'x@ż',
  'x@@ż.pl',
  'x@ż..pl',
  'x@zażółć.pl/evil',
  'x@zażółć.pl#a',
  'x@y@zażółć.pl',
  'x@zażółć.pl:25',
  'x@ża ba.pl',
  'x@１２７.０.０.１',
  'x@ż／evil.pl',
  'x@ż％00.pl',
  'zażółć@example.pl',
  'x@example.org, y@żaba.pl',
])('%j is no e-mail address', (typed) => {
  expect(emailAddress.safeParse(canonicalEmail(typed)).success).toBe(false)
})
