import { firstWebAddress } from '../../views/messages/linked.ts'
import { config } from '../config.ts'
import { holdsSecret } from './secrets.ts'

const maxUrlCharacters = 2048

/**
 * The URL that a message's preview is of: the first http(s) URL in it, linked or typed, but not in code. None
 * when that one leads to ourselves or looks like a secret: no later one takes its place.
 *
 * @param html as it is stored
 */
export function linkToPreview(html: string | null): string | undefined {
  const url = URL.parse(firstWebAddress(html ?? '') ?? '')
  if (!url || url.href.length > maxUrlCharacters) return undefined
  return isInternal(url) || holdsSecret(url) ? undefined : url.href
}

const bare = (hostname: string) => hostname.replace(/\.$/, '')

const isInternal = (url: URL) => bare(url.hostname) === bare(new URL(config.baseUrl).hostname)
