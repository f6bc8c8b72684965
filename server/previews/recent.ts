import { LRUCache } from 'lru-cache'
import { log } from '../log.ts'
import type { Resolve } from './guard.ts'
import { type PageAbout, readPage } from './page.ts'
import { fetchPicture } from './pictures.ts'

/** What is known about a URL: its texts, and its picture in our encoding. */
export interface Page extends Pick<PageAbout, 'title' | 'description'> {
  picture: Buffer | null
}

/** For a page that cannot be fetched, or does not describe itself. */
const nothing: Page = { title: null, description: null, picture: null }

const knownMs = 5 * 60_000
/** A failing page may soon work again. */
const failedMs = 30_000
const maxPages = 200
const maxBytes = 16 * 1024 * 1024

const recent = new LRUCache<string, Page, Resolve | undefined>({
  max: maxPages,
  maxSize: maxBytes,
  sizeCalculation: ({ picture }) => 4096 + (picture?.length ?? 0),
  ttl: knownMs,
  // A pending fetch is still wanted when it is evicted meanwhile.
  ignoreFetchAbort: true,
  async fetchMethod(address, _stale, { options, context }) {
    const page = await askPage(address, context)
    if (page === nothing) options.ttl = failedMs
    return page
  },
})

/**
 * A page's description, fetched at most once in some minutes, however many messages link to it; the fragment is not
 * sent. Empty for what the guard refuses.
 */
export async function recentPage(url: string, resolve?: Resolve): Promise<Page> {
  const address = new URL(url)
  address.hash = ''
  return (await recent.fetch(address.href, { context: resolve })) ?? nothing
}

async function askPage(address: string, resolve: Resolve | undefined): Promise<Page> {
  try {
    const { title, description, image } = await readPage(address, resolve)
    const picture = image ? await orNull(fetchPicture(image, resolve)) : null
    return title || description || picture ? { title, description, picture } : nothing
  } catch (error) {
    log.debug({ err: error }, 'no link preview')
    return nothing
  }
}

const orNull = (picture: Promise<Buffer>) =>
  picture.catch((error) => {
    log.debug({ err: error }, 'no picture for a link preview')
    return null
  })
