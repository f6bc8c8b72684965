import { ofSisterSystems } from '../web/errors.ts'

export interface Tag {
  name: string
  /** Begins the names of its operations, so that two systems may have the same path. */
  prefix: string
  description: string
  paths: RegExp
}

/** Whose API a path belongs to: the first that fits. */
export const tags: readonly Tag[] = [
  {
    name: 'Presence',
    prefix: 'presence',
    description: 'Presence and typing client.',
    paths: /^\/api\/v1\/(?:presence\/users|users|realtime)(?:\/|$)/,
  },
  {
    name: 'NODUS v2',
    prefix: 'nodus',
    description: 'Clients of NODUS v2.',
    paths: /^\/api\/v1\//,
  },
  {
    name: 'Messenger Core',
    prefix: 'core',
    description: 'Clients of Messenger Core.',
    paths: ofSisterSystems,
  },
  { name: 'Rozmowa', prefix: '', description: 'The native API, which the page itself uses.', paths: /^/ },
]

export const tagOf = (path: string): Tag => tags.find(({ paths }) => paths.test(path))!

/** `get`, `/api/messages/:id/pin` → `getMessagesByIdPin` */
export function operationIdOf(method: string, path: string): string {
  const words = path
    .replace(/^\/api(?:\/v1)?\//, '/')
    .replace(/:/g, 'by_')
    .split(/[^A-Za-z0-9]+/)
  const [first, ...rest] = [tagOf(path).prefix, method, ...words].filter(Boolean)
  return first + rest.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
}
