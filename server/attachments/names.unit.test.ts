import { expect, test } from 'vitest'
import { cleanName, extensionOf } from './names.ts'

test.each([
  ['umowa.pdf', 'umowa.pdf'],
  ['Zażółć gęślą jaźń 👩‍👧.pdf', 'Zażółć gęślą jaźń 👩‍👧.pdf'],
  ['e\u0301.pdf', 'é.pdf'],
  ['UMOWA.PDF', 'UMOWA.PDF'],
  ['../../etc/passwd', 'passwd.pdf'],
  ['/etc/passwd.pdf', 'passwd.pdf'],
  ['C:\\Users\\anna\\umowa.pdf', 'umowa.pdf'],
  ['..', 'file.pdf'],
  ['...\\...', 'file.pdf'],
  ['', 'file.pdf'],
  ['.pdf', 'pdf.pdf'],
  ['.htaccess', 'htaccess.pdf'],
  ['a\r\nSet-Cookie: b=c.pdf', 'aSet-Cookie: b=c.pdf'],
  ['a\0b.pdf', 'ab.pdf'],
  ['umowa\u202efdp.exe', 'umowafdp.exe.pdf'],
  ['a\u2066b\u200ec\u2028d\ufeff.pdf', 'abcd.pdf'],
  ['\ud800a.pdf', 'a.pdf'],
  ['evil.html', 'evil.html.pdf'],
  ['evil.exe .', 'evil.exe.pdf'],
  ['evil.pdf.exe', 'evil.pdf.exe.pdf'],
  ['umowa.pdf...', 'umowa.pdf'],
  ['con.pdf', '_con.pdf'],
  ['LPT1', '_LPT1.pdf'],
  ['nul.a.pdf', '_nul.a.pdf'],
  [' a \t b .pdf', 'a b.pdf'],
  ['"; filename="x.html', '"; filename="x.html.pdf'],
  [`${'a'.repeat(300)}.pdf`, `${'a'.repeat(251)}.pdf`],
  ['👍'.repeat(300), `${'👍'.repeat(251)}.pdf`],
  [`${'a'.repeat(100_000)}`, `${'a'.repeat(251)}.pdf`],
])('%j is shown as %j', (given, shown) => {
  expect(cleanName(given, { extensions: ['pdf'] })).toBe(shown)
  expect([...shown].length).toBeLessThanOrEqual(255)
})

test.each([' ', '.', ' .'])('a name of very many %j is cleaned in no time', (filler) => {
  const name = `a${filler.repeat(60_000)}b`
  const start = performance.now()
  cleanName(name, { extensions: ['pdf'] })
  extensionOf(name)
  expect(performance.now() - start).toBeLessThan(100)
})

test.each([
  ['IMG_0001.HEIC', 'IMG_0001.jpg'],
  ['IMG_0001.heic.', 'IMG_0001.jpg'],
  ['IMG_0001.jpg', 'IMG_0001.jpg'],
  ['IMG.HEIC.JPG', 'IMG.HEIC.JPG'],
  ['IMG_0001', 'IMG_0001.jpg'],
  ['.heic', 'heic.jpg'],
  ['con.heic', '_con.jpg'],
  ['a.heic.exe', 'a.heic.exe.jpg'],
  ['heic', 'heic.jpg'],
  [`${'a'.repeat(300)}.heic`, `${'a'.repeat(251)}.jpg`],
])('%j, when it is converted, is shown as %j', (given, shown) => {
  expect(cleanName(given, { extensions: ['jpg'], replaced: ['heic'] })).toBe(shown)
})
