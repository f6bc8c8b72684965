import attachments from '../views/attachments/attachments.eta'
import name from '../views/attachments/name.eta'
import trayItem from '../views/attachments/tray-item.eta'
import back from '../views/conversations/back.eta'
import choose from '../views/conversations/choose.eta'
import composer from '../views/conversations/composer.eta'
import context from '../views/conversations/context.eta'
import failed from '../views/conversations/failed.eta'
import head from '../views/conversations/head.eta'
import loading from '../views/conversations/loading.eta'
import missing from '../views/conversations/missing.eta'
import nothing from '../views/conversations/nothing.eta'
import open from '../views/conversations/open.eta'
import removed from '../views/conversations/removed.eta'
import row from '../views/conversations/row.eta'
import dialogHead from '../views/dialogs/head.eta'
import beginning from '../views/messages/beginning.eta'
import day from '../views/messages/day.eta'
import empty from '../views/messages/empty.eta'
import message from '../views/messages/message.eta'
import newer from '../views/messages/newer.eta'
import older from '../views/messages/older.eta'
import unread from '../views/messages/unread.eta'
import avatar from '../views/people/avatar.eta'
import chosen from '../views/people/chosen.eta'
import found from '../views/people/found.eta'
import pinsBar from '../views/pins/bar.eta'
import type { TemplateName as AnyName, Given, Template } from '../views/templates.ts'
import { words } from '../views/words.ts'
import { reader } from './page.ts'

/** Those that are part of the first load; what comes later brings its own, for `renderTemplate`. */
const templates = {
  'attachments/attachments': attachments,
  'attachments/name': name,
  'attachments/tray-item': trayItem,
  'conversations/back': back,
  'conversations/choose': choose,
  'conversations/composer': composer,
  'conversations/context': context,
  'conversations/failed': failed,
  'conversations/head': head,
  'conversations/loading': loading,
  'conversations/missing': missing,
  'conversations/nothing': nothing,
  'conversations/open': open,
  'conversations/removed': removed,
  'conversations/row': row,
  'dialogs/head': dialogHead,
  'messages/beginning': beginning,
  'messages/day': day,
  'messages/empty': empty,
  'messages/message': message,
  'messages/newer': newer,
  'messages/older': older,
  'messages/unread': unread,
  'people/avatar': avatar,
  'people/chosen': chosen,
  'people/found': found,
  'pins/bar': pinsBar,
}
export type TemplateName = keyof typeof templates & AnyName

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(value: unknown): string {
  return String(value).replace(/[&<>"']/g, (character) => entities[character] as string)
}

// What a template compiled ahead of time expects as `this`: the part of Eta that it calls.
const runtime = {
  config: { escapeFunction: escapeHtml, filterFunction: String },
  words,
  render: (name: keyof typeof templates, data: object): string =>
    templates[name].call(runtime, data as never),
}

/** Draws a template of `views/`, the same that the server draws. */
export function render<Name extends TemplateName>(name: Name, ...[data]: Given<NoInfer<Name>>): string {
  return runtime.render(name, { ...data, r: reader }).trim()
}

/** Draws a template that came with a part of the page. */
export function renderTemplate<Data extends object>(template: Template<Data>, data: NoInfer<Data>): string {
  return template.call(runtime, { ...data, r: reader }).trim()
}

/** HTML of a template as its one element. */
export function toElement<E extends HTMLElement = HTMLElement>(html: string): E {
  const holder = document.createElement('template')
  holder.innerHTML = html.trim()
  return holder.content.firstElementChild as E
}
