import attachTemplate from '../../views/menus/attach.eta'
import { openMenu } from '../menus/menu.ts'
import { renderTemplate } from '../render.ts'

// Beside it, so that it is there without a network, too.
export { record } from '../voice/record.ts'

/** What can be added to a conversation besides text. */
export function openAttachMenu(
  button: Element,
  choices: Record<'files' | 'voice' | 'poll', () => void>,
): void {
  openMenu(renderTemplate(attachTemplate, {}), button, (choice) => choices[choice as keyof typeof choices]())
}
