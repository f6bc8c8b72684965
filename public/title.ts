import { page, reader } from './page.ts'

/** Shows unread messages in the window's title and icon. */
export function showTitle(conversation: string | undefined, unread: number): void {
  const count = unread ? `(${unread > 99 ? '99+' : unread}) ` : ''
  const name = reader.t('app.name')
  document.title = count + (conversation ? `${conversation} – ${name}` : name)
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const href = unread ? page.assets.faviconUnread : page.assets.favicon
  if (icon && icon.getAttribute('href') !== href) icon.href = href
}
