import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import mailEn from '../notifications/texts/en.json' with { type: 'json' }
import mailPl from '../notifications/texts/pl.json' with { type: 'json' }
import en from './en.json' with { type: 'json' }
import pl from './pl.json' with { type: 'json' }
import { textsIn } from './texts.ts'
import { translator } from './translator.ts'

const plural = /_(one|few|many|other)$/
const stems = (catalogue: object) => [
  ...new Set(Object.keys(catalogue).map((key) => key.replace(plural, ''))),
]

const catalogues = { page: { pl, en }, mail: { pl: mailPl, en: mailEn } }

test.each(Object.entries(catalogues))('both %s catalogues have the same keys', (_, { pl, en }) => {
  expect(stems(en).sort()).toEqual(stems(pl).sort())
})

test.each(Object.entries(catalogues))('every plural of a %s has all forms of its language', (_, both) => {
  for (const [locale, catalogue] of Object.entries(both)) {
    const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.sort()
    const counted = stems(catalogue).filter((stem) => `${stem}_other` in catalogue)
    for (const stem of counted) {
      const forms = Object.keys(catalogue).filter((key) => key.replace(plural, '') === stem)
      expect(forms.map((key) => key.slice(stem.length + 1)).sort(), `${locale} ${stem}`).toEqual(wanted)
    }
  }
})

test('Polish plurals follow the Polish rules', () => {
  const t = textsIn('pl')
  expect([1, 2, 5, 12, 22, 25].map((count) => t('messages.new', { count }))).toEqual([
    '1 nowa wiadomość',
    '2 nowe wiadomości',
    '5 nowych wiadomości',
    '12 nowych wiadomości',
    '22 nowe wiadomości',
    '25 nowych wiadomości',
  ])
})

test.each([
  ['a', {}, 'A'],
  ['to', { name: 'Ewa' }, 'Do: Ewa'],
  ['to', { name: '{{name}} $& $t(a)' }, 'Do: {{name}} $& $t(a)'],
  ['to', {}, 'Do: '],
  ['files', { count: 1 }, '1 plik'],
  ['files', { count: 3 }, '3 pliki'],
  ['files', { count: 1.5 }, '1.5 pliku'],
  ['a', { count: 2 }, 'A'],
  ['missing', { count: 2 }, 'missing'],
])('%s with %j is %j', (key, values: Record<string, string | number>, shown) => {
  const catalogue = { a: 'A', to: 'Do: {{name}}', files_one: '{{count}} plik', files_few: '{{count}} pliki' }
  expect(translator('pl', { ...catalogue, files_other: '{{count}} pliku' })(key, values)).toBe(shown)
})

test('texts contain the limits of the contract', () => {
  expect(textsIn('pl')('forward.hint')).toBe('Wybierz do 10 rozmów.')
  expect(textsIn('en')('register.invalid_password')).toBe('Your password must be 8 to 200 characters long.')
})

test('every text that a template uses exists', () => {
  const folder = new URL('..', import.meta.url)
  const templates = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.eta'),
  )
  const known = new Set(stems(pl))
  for (const name of templates) {
    const asked = readFileSync(new URL(name, folder), 'utf8').matchAll(/\bt\('([\w.]+)'/g)
    for (const [, key] of asked) expect(known, `${name}: ${key}`).toContain(key)
  }
})
