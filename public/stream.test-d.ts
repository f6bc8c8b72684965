import type { EventHandlers } from './stream.ts'

declare const handlers: EventHandlers
const { presence, ...forgotten } = handlers

export const complete: EventHandlers = { ...forgotten, presence }
// @ts-expect-error: an event of the contract without a handler
export const incomplete: EventHandlers = forgotten
