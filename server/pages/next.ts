/** Where to go after signing in: a path that no browser would read as another site's. */
export function safeNext(next: unknown): string | undefined {
  if (typeof next !== 'string' || !next.startsWith('/') || next.startsWith('//')) return undefined
  return /[\\\p{Cc}]/u.test(next) ? undefined : next
}

/** The sign-in page, from where one comes back to `path`. */
export const signInFor = (path: string) => `/logowanie?next=${encodeURIComponent(path)}`
