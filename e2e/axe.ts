import axe from 'axe-core'
import type { Page } from 'playwright'

/** All of WCAG 2.2 and best practices, and the experimental rule about labels. */
const everything = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: { 'label-content-name-mismatch': { enabled: true } },
}

/** All that depends on the colour scheme. */
const colours = { runOnly: { type: 'rule', values: ['color-contrast'] } }

/** The findings for the page as it is now, in light and dark: rule and element. */
export async function faults(page: Page): Promise<string[]> {
  // Through the protocol, which the page's Content-Security-Policy does not affect.
  await page.evaluate(axe.source)
  const light = await run(page, everything)
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await run(page, colours)
  await page.emulateMedia({ colorScheme: 'light' })
  return [...light, ...dark.map((fault) => `dark ${fault}`)]
}

function run(page: Page, options: object): Promise<string[]> {
  return page.evaluate(async (options) => {
    const finite = document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Infinity)
    for (const animation of finite) animation.finish()
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, options)
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  }, options)
}
