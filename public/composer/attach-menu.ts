import attachTemplate from '../../views/menus/attach.eta'
import { openMenu } from '../menus/menu.ts'
import { renderTemplate } from '../render.ts'

/** What can be added to a conversation besides text. */
export function openAttachMenu(button: Element, choices: Record<'files' | 'poll', () => void>): void {
  openMenu(renderTemplate(attachTemplate, {}), button, (choice) => choices[choice as keyof typeof choices]())
}
