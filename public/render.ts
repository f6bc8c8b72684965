import trayItem from '../views/attachments/tray-item.eta'
import choose from '../views/conversations/choose.eta'
import context from '../views/conversations/context.eta'
import failed from '../views/conversations/failed.eta'
import head from '../views/conversations/head.eta'
import loading from '../views/conversations/loading.eta'
import missing from '../views/conversations/missing.eta'
import nothing from '../views/conversations/nothing.eta'
import open from '../views/conversations/open.eta'
import removed from '../views/conversations/removed.eta'
import row from '../views/conversations/row.eta'
import { escapeHtml } from '../views/escape.ts'
import beginning from '../views/messages/beginning.eta'
import day from '../views/messages/day.eta'
import empty from '../views/messages/empty.eta'
import message from '../views/messages/message.eta'
import newer from '../views/messages/newer.eta'
import older from '../views/messages/older.eta'
import unread from '../views/messages/unread.eta'
import pinsBar from '../views/pins/bar.eta'
import type { Given, Template } from '../views/templates.ts'
import { words } from '../views/words.ts'
import { reader } from './page.ts'

/** The templates of the first load, rendered by name. Those they include are bundled with them. */
const templates = {
  'attachments/tray-item': trayItem,
  'conversations/choose': choose,
  'conversations/context': context,
  'conversations/failed': failed,
  'conversations/head': head,
  'conversations/loading': loading,
  'conversations/missing': missing,
  'conversations/nothing': nothing,
  'conversations/open': open,
  'conversations/removed': removed,
  'conversations/row': row,
  'messages/beginning': beginning,
  'messages/day': day,
  'messages/empty': empty,
  'messages/message': message,
  'messages/newer': newer,
  'messages/older': older,
  'messages/unread': unread,
  'pins/bar': pinsBar,
}
export type TemplateName = keyof typeof templates
/** What a template includes, by name. */
type Parts = Record<string, Template<never>>

// What a precompiled template expects as `this`: the part of Eta that it calls.
const runtime = {
  config: { escapeFunction: escapeHtml, filterFunction: String },
  words,
  render: (name: string, data: object, parts: Parts): string =>
    (parts[name] ?? templates[name as TemplateName]).call(runtime, data as never),
}

export function render<Name extends TemplateName>(name: Name, ...[data]: Given<NoInfer<Name>>): string {
  return runtime.render(name, { ...data, r: reader }, templates).trim()
}

/** For templates that are imported where they are used. */
export function renderTemplate<Data extends object>(template: Template<Data>, data: NoInfer<Data>): string {
  return template.call(runtime, { ...data, r: reader }).trim()
}

/** @param html with a single root element */
export function toElement<E extends HTMLElement = HTMLElement>(html: string): E {
  const holder = document.createElement('template')
  holder.innerHTML = html.trim()
  return holder.content.firstElementChild as E
}
