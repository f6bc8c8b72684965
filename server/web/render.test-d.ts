import type { LogItem, MessageItem } from '../../views/messages/arrange.ts'
import type { Reader } from '../../views/reader.ts'
import { render } from './render.ts'

// Read by `npm run check` alone: where an error is expected and there is none, it finds that to be one.
declare const reader: Reader
declare const item: LogItem
declare const message: MessageItem

render('errors/error', reader, { kind: 'not_found' })
render('accounts/register', reader, { given: {}, error: 'register.taken' })
render('messages/message', reader, { item: message })
render(item.template, reader, { item })

// @ts-expect-error: there is no such template
render('errors/wrong', reader, { kind: 'not_found' })
// @ts-expect-error: without its data
render('errors/error', reader)
// @ts-expect-error: a field is missing
render('accounts/register', reader, { error: 'register.taken' })
// @ts-expect-error: a field too many
render('errors/error', reader, { kind: 'not_found', status: 404 })
// @ts-expect-error: a wrong value
render('errors/error', reader, { kind: 'gone' })
// @ts-expect-error: a text that is not in the catalogue
render('accounts/register', reader, { given: {}, error: 'register.wrong' })
// @ts-expect-error: any item of the log is not a message
render('messages/message', reader, { item })
