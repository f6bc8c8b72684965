import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8')
const model = text.slice(text.indexOf('## Against whom'), text.indexOf('## At rest'))
const rows = [...model.matchAll(/^\| (?!tries|mistake|-)(.+?) \| (.+?) \| (.+?) \|$/gm)]
const attackers = [...model.matchAll(/^### (.+)$/gm)].map(([, who]) => who)
const testsIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, file]) => file!)

test.each(rows.map(([, tries, , shown]) => [tries!, shown!] as const))(
  '“%s” is shown by tests that there are',
  (_, shown) => {
    expect(testsIn(shown).length).toBeGreaterThan(0)
    for (const file of testsIn(shown)) {
      expect(file).toMatch(/\.test\.ts$/)
      expect(existsSync(join(root, file)), file).toBe(true)
    }
  },
)

test('each attacker has something that they try', () => {
  expect(attackers).toHaveLength(7)
  for (const part of model.split(/^### /m).slice(1))
    expect(part.match(/^\| (?!tries|mistake|-)/gm)?.length).toBeGreaterThan(1)
})

test('what SECURITY.md and the guide lead to is there', () => {
  for (const file of ['SECURITY.md', 'docs/secure.md']) {
    const links = [...readFileSync(join(root, file), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)\)/g)]
    expect(links.length).toBeGreaterThan(0)
    for (const [, link] of links)
      expect(existsSync(join(root, file, '..', link!)), `${file}: ${link}`).toBe(true)
  }
})
