import { expect, test } from 'vitest'
import { encodedName, plainName } from './sent-name.ts'

test.each([
  ['5%22 rura.txt', '5" rura.txt'],
  ['%22Dzień dobry%22.txt', '"Dzień dobry".txt'],
  ['a%0D%0Ab.txt', 'a\r\nb.txt'],
  ['100%.txt', '100%.txt'],
  ['50%25.txt', '50%25.txt'],
  ['a%20b.txt', 'a%20b.txt'],
  ['za%C5%BC.txt', 'za%C5%BC.txt'],
  ['a%2522b.txt', 'a%2522b.txt'],
  ['a%0d.txt', 'a%0d.txt'],
  ['%', '%'],
  ['', ''],
  ['umowa.pdf', 'umowa.pdf'],
])('a browser’s %j is %j', (sent, name) => {
  expect(plainName(sent)).toBe(name)
})

test.each<[string, string | undefined]>([
  [`form-data; name="file"; filename="a"; filename*=UTF-8''za%C5%BC%C3%B3%C5%82%C4%87.pdf`, 'zażółć.pdf'],
  [`form-data; name="file"; filename*=utf-8'pl'za%c5%bc.pdf`, 'zaż.pdf'],
  [`form-data; filename*=UTF-8''a%20b.pdf; name="file"`, 'a b.pdf'],
  [`form-data; name=file; filename* = UTF-8''a.pdf`, 'a.pdf'],
  [`form-data; name="file"; filename*=iso-8859-2''za%BF.pdf`, 'zaż.pdf'],
  [`form-data; name="file"; filename*=windows-1250''%9Cnieg.pdf`, 'śnieg.pdf'],
  [`form-data; name="file"; filename*=UTF-8''%22a%22.pdf`, '"a".pdf'],
  [`form-data; name="file"; filename*=UTF-8''..%2F..%2Fa.pdf`, '../../a.pdf'],
  [`form-data; name="a; filename*=UTF-8''evil.html"; filename="a.pdf"`, undefined],
  [`form-data; name="file"; filename="a.pdf"`, undefined],
  [`form-data; name="file"; filename*=UTF-8''%FF.pdf`, undefined],
  [`form-data; name="file"; filename*=unknown''a.pdf`, undefined],
  [`form-data; name="file"; filename*=UTF-8''a b.pdf`, undefined],
  [`form-data; name="file"; filename*=UTF-8''`, undefined],
  [`form-data; name="file"; filename*=a.pdf`, undefined],
  ['', undefined],
])('the encoded name in %j is %j', (disposition, name) => {
  expect(encodedName(disposition)).toBe(name)
})
