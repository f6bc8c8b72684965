import lightbox from '../views/attachments/lightbox.eta'
import nothing from '../views/conversations/nothing.eta'
import confirm from '../views/dialogs/confirm.eta'
import { render, renderTemplate } from './render.ts'

// Read by `npm run check` alone: where an error is expected and there is none, it finds that to be one.
render('conversations/choose')
render('conversations/context', { words: 'a', name: 'Anna' })
renderTemplate(confirm, { title: 'a', text: 'b', action: 'c', danger: true })

// @ts-expect-error: one that the server alone draws
render('errors/error', { kind: 'not_found' })
// @ts-expect-error: one that comes later
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
// @ts-expect-error: what goes by its name is not drawn as a template that came later
renderTemplate(nothing, { icon: 'a', headline: 'b', text: 'c' })
