import type { Page } from 'playwright'

/** The role, name and state of the focused element, as the browser gives it to a screen reader; times as GG:MM. */
export async function heard(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page)
  const { result } = await session.send('Runtime.evaluate', { expression: 'document.activeElement' })
  const { nodes } = await session.send('Accessibility.getPartialAXTree', {
    objectId: result.objectId!,
    fetchRelatives: false,
  })
  await session.detach()
  const [node] = nodes
  const isChecked = node?.properties?.some(({ name, value }) => name === 'checked' && value.value === 'true')
  const words = `${node?.role?.value} ${node?.name?.value}`.replace(/ \d\d:\d\d/g, ' GG:MM')
  return isChecked ? `${words}, checked` : words
}
