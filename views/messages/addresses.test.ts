import { expect, test } from 'vitest'
import { addresses, targetOf } from './addresses.ts'

/** Each address as written, and its target when that differs. */
const found = (text: string) =>
  addresses(text).map(({ start, end, target }) => {
    const written = text.slice(start, end)
    return written === target ? written : `${written} → ${target}`
  })

test.each([
  ['https://example.org/zebranie', ['https://example.org/zebranie']],
  ['HTTP://EXAMPLE.ORG/A', ['HTTP://EXAMPLE.ORG/A']],
  ['Zobacz https://example.org.', ['https://example.org']],
  ['https://example.org/a?b=1&c=2#d!', ['https://example.org/a?b=1&c=2#d']],
  ['(see https://en.wikipedia.org/wiki/Foo_(bar))', ['https://en.wikipedia.org/wiki/Foo_(bar)']],
  ['https://en.wikipedia.org/wiki/Foo_(bar)', ['https://en.wikipedia.org/wiki/Foo_(bar)']],
  ['[opis](https://example.org/a)', ['https://example.org/a']],
  ["https://en.wikipedia.org/wiki/Murphy's_law", ["https://en.wikipedia.org/wiki/Murphy's_law"]],
  ['https://en.wikipedia.org/wiki/Murphy’s_law', ['https://en.wikipedia.org/wiki/Murphy’s_law']],
  ["'https://example.org/a'", ['https://example.org/a']],
  ['„https://example.org/a”, tak', ['https://example.org/a']],
  ['«https://example.org/a»', ['https://example.org/a']],
  ['"https://example.org/a"', ['https://example.org/a']],
  ['<https://example.org/a>', ['https://example.org/a']],
  ['https://example.org/a…', ['https://example.org/a']],
  ['**https://example.org/a**', ['https://example.org/a']],
  ['https://example.org/a?!', ['https://example.org/a']],
  ['https://a.example/x,https://b.example/y', ['https://a.example/x', 'https://b.example/y']],
  ['https://example.org/a,b;c', ['https://example.org/a,b;c']],
  ['见https://example.org/a。谢谢', []],
  ['见 https://example.org/a。谢谢', ['https://example.org/a']],
  ['_https://example.org/a_', ['https://example.org/a']],
  ['youtu.be/x i bit.ly/3x', ['youtu.be/x → https://youtu.be/x', 'bit.ly/3x → https://bit.ly/3x']],
  ['http://localhost:3000/x', ['http://localhost:3000/x']],
  ['https://zażółć.pl/gęślą?jaźń=1', ['https://zażółć.pl/gęślą?jaźń=1']],
  ['https://example.org/\u200b', ['https://example.org/']],
  ['www.example.org', ['www.example.org → https://www.example.org']],
  ['Na WWW.Example.ORG/a, tak', ['WWW.Example.ORG/a → https://WWW.Example.ORG/a']],
  ['zażółć.pl', ['zażółć.pl → https://zażółć.pl']],
  ['na example.org/zebranie?x=1.', ['example.org/zebranie?x=1 → https://example.org/zebranie?x=1']],
  ['example.com:8080/a', ['example.com:8080/a → https://example.com:8080/a']],
  ['jan@example.org', ['jan@example.org → mailto:jan@example.org']],
  [
    'Jan <jan.nowak+x@poczta.example.org>,',
    ['jan.nowak+x@poczta.example.org → mailto:jan.nowak+x@poczta.example.org'],
  ],
  ['e-mail:jan@example.org.', ['jan@example.org → mailto:jan@example.org']],
  [
    'jan@example.org,ewa@zażółć.pl',
    ['jan@example.org → mailto:jan@example.org', 'ewa@zażółć.pl → mailto:ewa@zażółć.pl'],
  ],
  ['mailto:jan@example.org', ['jan@example.org → mailto:jan@example.org']],
  ["o'neill@example.org", ["o'neill@example.org → mailto:o'neill@example.org"]],
  ['http://[::1]:3000/x', ['http://[::1]:3000/x']],
  ['(na www.example.org/a_(b), potem)', ['www.example.org/a_(b) → https://www.example.org/a_(b)']],
  [
    '„www.example.org” i Allegro.pl?',
    ['www.example.org → https://www.example.org', 'Allegro.pl → https://Allegro.pl'],
  ],
  ['https://example.org/@jan', ['https://example.org/@jan']],
])('in %j, the addresses are %j', (text, written) => {
  expect(found(text)).toEqual(written)
})

test.each([
  ['+48 600 100 200', '+48600100200'],
  ['+48600100200', '+48600100200'],
  ['+48 600-100-200.', '+48600100200'],
  ['0048 600 100 200', '+48600100200'],
  ['(+48) 22 123 45 67', '+48221234567'],
  ['600 100 200', '+48600100200'],
  ['600-100-200', '+48600100200'],
  ['tel. 600\u00a0100\u00a0200, po 16', '+48600100200'],
  ['tel. 600100200', '+48600100200'],
  ['Telefon: 221234567', '+48221234567'],
  ['mój numer 600100200', '+48600100200'],
  ['48 600 100 200', '+48600100200'],
  ['600 10 02 00', '+48600100200'],
  ['22 123 45 67', '+48221234567'],
  ['22/123-45-67', '+48221234567'],
  ['(0-22) 123 45 67', '+48221234567'],
  ['(22) 123 45 67', '+48221234567'],
  ['12-345-67-89', '+48123456789'],
  ['58 12 34 567', '+48581234567'],
  ['800 100 200', '+48800100200'],
  ['+49 30 1234567', '+49301234567'],
  ['22 123 4567', '+48221234567'],
  ['022 123 45 67', '+48221234567'],
  ['600.100.200', '+48600100200'],
  ['600\u202f100\u202f200', '+48600100200'],
  ['600–100–200', '+48600100200'],
  ['tel. 22.123.45.67', '+48221234567'],
  ['kom. 600 100200', '+48600100200'],
  ['00 48 600 100 200', '+48600100200'],
  ['+1 (555) 123-4567', '+15551234567'],
  ['+44 20 7946 0958', '+442079460958'],
])('%j is a telephone number', (text, number) => {
  expect(addresses(text).map(({ target }) => target)).toEqual([`tel:${number}`])
})

test('two telephone numbers in a row are found separately', () => {
  expect(found('600 100 200, 500-200-100')).toEqual([
    '600 100 200 → tel:+48600100200',
    '500-200-100 → tel:+48500200100',
  ])
})

test.each([
  ['an account', 'PL61 1090 1014 0000 0712 1981 2874'],
  ['an account without spaces', '61109010140000071219812874'],
  ['a date', '2026-11-25, 25.11.2026, 25-11-2026, 25 11 2026'],
  ['a time', '12:00–13:30, 18.00, 2026-11-25T18:30:00'],
  ['a PESEL', '44051401359'],
  ['a tax number', '123-456-32-18, 526-10-40-828, 5261040828'],
  ['a REGON', '123456785'],
  ['an order', 'zamówienie 600100200, FV/2026/11/600, nr 12345678'],
  ['an order by its number', 'Zamówienie nr 600-100-200, ID: 600100200, paczka 690100200'],
  ['an address of a machine', '22.123.45.67, 60.100.20.1'],
  [
    'money',
    '600\u202f100\u202f200\u00a0zł, 600.100.200 zł, 600 100 200 zł, 500 000 000 PLN, +600 100 200 zł, 500 000 000',
  ],
  ['thousands', '1 600 100 200 osób'],
  ['a postal code', '00-950 Warszawa'],
  ['a version', 'Node 26.10.0, 1.2.3.4'],
  ['an ISBN', '978-83-240-1234-5'],
  ['a sum', '2+2=4, 5 + 600, 100-200-300'],
  ['a score', '3:2, 10-12'],
  ['the seam of two sentences', 'To jutro.Do zobaczenia.Na razie, koniec.Pl'],
  ['names of files', 'regulamin.pdf, zdjęcia.zip, index.html, node.js, README.md'],
  ['abbreviations', 'm.in. itd. np.tak, tj.ja, ok.ca 5, Sp. z o.o.'],
  ['a name with a dot', 'ASP.NET, Jan.Kowalski, System.out, by.me'],
  ['another scheme', 'ftp://example.org javascript:alert(1) data:text/html,x file:///etc'],
  ['the mere beginning of one', 'https:// http://. www. www.x @ @jan jan@ jan@localhost a@b'],
  ['a name on a network', '@jan@example.org'],
  ['a path', 'public/example.org/x'],
])('%s is not an address: %s', (_, text) => {
  expect(found(text!)).toEqual([])
})

test.each([
  ['https://example.org/a?b=1', 'https://example.org/a?b=1'],
  [' https://example.org\n', 'https://example.org'],
  ['HTTPS:example.org', 'https://example.org/'],
  ['https:\\\\example.org', 'https://example.org/'],
  ['www.example.org', 'https://www.example.org'],
  ['example.org/a', 'https://example.org/a'],
  ['zażółć.pl', 'https://zażółć.pl'],
  ['jan@example.org', 'mailto:jan@example.org'],
  ['mailto:jan@example.org', 'mailto:jan@example.org'],
  ['mailto:jan@example.org?subject=x', 'mailto:jan@example.org?subject=x'],
  ['tel:+48600100200', 'tel:+48600100200'],
  [
    'MAILTO:jan@example.org,ewa@example.org?subject=A b',
    'mailto:jan@example.org,ewa@example.org?subject=A%20b',
  ],
  ['https://example.org/a b', 'https://example.org/a%20b'],
  ['tel:600 100 200', 'tel:600 100 200'],
  ['+48 600 100 200', 'tel:+48600100200'],
  ['/wiadomosci/5', undefined],
  ['wiadomosci/5', undefined],
  ['../x', undefined],
  ['?x=1', undefined],
  ['#x', undefined],
  ['', undefined],
  ['//example.org', undefined],
  ['\\\\example.org', undefined],
  ['regulamin.pdf', undefined],
  ['javascript:alert(1)', undefined],
  ['java\nscript:alert(1)', undefined],
  ['\u0001javascript:alert(1)', undefined],
  ['JaVaScRiPt:alert(1)', undefined],
  ['data:text/html,x', undefined],
  ['vbscript:x', undefined],
  ['ftp://example.org', undefined],
  ['blob:https://example.org/x', undefined],
  ['intent://x#Intent;end', undefined],
  ['http://', undefined],
  ['mailto:', undefined],
  ['tel:', undefined],
  ['tel:javascript', undefined],
])('a link to %j leads to %j', (href, target) => {
  expect(targetOf(href)).toBe(target)
})
