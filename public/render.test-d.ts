import lightbox from '../views/attachments/lightbox.eta'
import nothing from '../views/conversations/nothing.eta'
import confirm from '../views/dialogs/confirm.eta'
import { render, renderTemplate } from './render.ts'

// Checked by the compiler alone, which reports an expected error that does not occur.
render('conversations/choose')
render('conversations/context', { words: 'a', name: 'Anna' })
renderTemplate(confirm, { title: 'a', text: 'b', action: 'c', danger: true })

// @ts-expect-error: only the server renders it
render('errors/error', { kind: 'not_found' })
// @ts-expect-error: it is loaded later
render('dialogs/confirm', { title: 'a', text: 'b', action: 'c', danger: true })
// @ts-expect-error: without its data
render('conversations/context')
// @ts-expect-error: a field is missing
render('conversations/context', { words: 'a' })
// @ts-expect-error: a field too many
render('conversations/choose', { words: 'a' })
// @ts-expect-error: a wrong value
render('conversations/nothing', { icon: 1, headline: 'a', text: 'b' })

// @ts-expect-error: a field is missing
renderTemplate(confirm, { title: 'a', text: 'b', danger: true })
// @ts-expect-error: a field too many
renderTemplate(confirm, { title: 'a', text: 'b', action: 'c', danger: true, more: 1 })
// @ts-expect-error: a wrong value
renderTemplate(lightbox, { file: 'a.png', index: 0, count: 1 })
// @ts-expect-error: a template of the first load is rendered by its name
renderTemplate(nothing, { icon: 'a', headline: 'b', text: 'c' })
