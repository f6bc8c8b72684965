import { expect, test } from 'vitest'
import { addresses, targetOf } from '../../views/messages/addresses.ts'
import { addressOf } from './address.ts'

test.each([
  ['jan@example.org', 'mailto:jan@example.org'],
  ['  jan.nowak+zw@poczta.example.org ', 'mailto:jan.nowak+zw@poczta.example.org'],
  ['<jan@example.org>', 'mailto:jan@example.org'],
  ['mailto:jan@example.org', 'mailto:jan@example.org'],
  ['MAILTO:jan@example.org?subject=Zebranie', 'mailto:jan@example.org?subject=Zebranie'],
  ['+48 600 100 200', 'tel:+48600100200'],
  ['tel:+48600100200', 'tel:+48600100200'],
  ['tel:600-100-200', 'tel:+48600100200'],
  ['tel:112', 'tel:112'],
  ['600.100.200', 'tel:+48600100200'],
  ['22/555-12-34', 'tel:+48225551234'],
  ['221234567', 'tel:+48221234567'],
  ['+1 (202) 555-0100', 'tel:+12025550100'],
  ['(22) 555-12-34', 'tel:+48225551234'],
  ['www.example.org', 'https://www.example.org'],
  ['x.pl', 'https://x.pl'],
  ['związek.example.pl/składki?a=1#b', 'https://związek.example.pl/składki?a=1#b'],
  ['example.org:8080/x', 'https://example.org:8080/x'],
  ['//example.org/x', 'https://example.org/x'],
  ['192.168.1.10/panel', 'https://192.168.1.10/panel'],
  ['x.pl/jan@example.org', 'https://x.pl/jan@example.org'],
  ['http://intranet/zebranie', 'http://intranet/zebranie'],
  ['https:x.pl', 'https://x.pl/'],
  ['http:///x', 'http://x/'],
  [
    'mailto:jan@example.org,ewa@example.org?subject=A b',
    'mailto:jan@example.org,ewa@example.org?subject=A%20b',
  ],
  ['HTTPS://Example.org/a', 'HTTPS://Example.org/a'],
  ['https://example.org/a b', 'https://example.org/a%20b'],
  [
    'https://pl.wikipedia.org/wiki/Prawo_Murphy’ego_(żart)',
    'https://pl.wikipedia.org/wiki/Prawo_Murphy’ego_(żart)',
  ],
])('%s leads to %s', (typed, address) => {
  expect(addressOf(typed)).toBe(address)
  expect(targetOf(address)).toBe(address)
})

test.each(['600 100 200', '22 123 45 67', '+48600100200', 'jan@example.org', 'www.example.org', 'x.pl/a?b'])(
  '%s leads to the same address, whether in a message or as a link',
  (typed) => {
    expect(addressOf(typed)).toBe(addresses(typed)[0]?.target)
  },
)

test.each([
  ...[
    '',
    '   ',
    'ftp://x',
    'ftp://example.org/a',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
  ],
  ...[
    'data:text/html,x',
    'file:///etc/passwd',
    'vbscript:x',
    'blob:https://x.pl/1',
    'zebranie',
    'jutro o 18',
    '12',
    '@',
    'a@b',
  ],
  ...['https://', 'mailto:', 'mailto:nikt', 'tel:', 'tel:abc', '+48', '/wiadomosci', '#x', '.', 'a..pl'],
  ...['jan@example.org, ewa@example.org', 'https://[', 'x.pl:99999999'],
])('%s is refused', (typed) => {
  expect(addressOf(typed)).toBeUndefined()
})
