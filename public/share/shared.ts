import type { Navigation } from '../conversations/navigation.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import type { Panel } from '../panel.ts'
import type { State } from '../state.ts'
import { chooseConversation } from './choose.ts'

interface Share {
  text: string
  files: File[]
}

/** Puts what another app has shared into the composer of a conversation that the member chooses: sending is up to them. */
export async function takeShared(
  { conversations }: State,
  panel: Panel,
  navigation: Navigation,
): Promise<void> {
  const share = await find()
  if (!share) {
    void discard()
    return showNotice(reader.t('share.nothing'))
  }
  const { text, files } = share
  const excerpt = text || files.map(({ name }) => name).join(', ')
  const id = await chooseConversation(excerpt, conversations)
  if (id === undefined) return void discard()
  navigation.open(id)
  put(share, panel, id)
}

/** It has arrived, or is not wanted; until then a reload asks again. */
async function discard(): Promise<void> {
  const { pathname, hash } = location
  history.replaceState(history.state, '', pathname + hash)
  await caches.delete('rozmowa.shared')
}

/** As the service worker left it. */
async function find(): Promise<Share | undefined> {
  const answer = await caches.match('/wiadomosci/udostepnij')
  const form = await answer?.formData()
  if (!form) return undefined
  const files = form.getAll('files').filter((file) => file instanceof File && file.size > 0) as File[]
  const [title = '', text = '', url = ''] = ['title', 'text', 'url'].map((name) =>
    String(form.get(name) ?? '').trim(),
  )
  // Some apps send the address in the text as well.
  const words = [title, text, text.includes(url) ? '' : url].filter(Boolean).join('\n')
  return words || files.length ? { text: words, files } : undefined
}

const everyMs = 100
const maxWaitMs = 15_000

/** When the conversation is there. */
function put({ text, files }: Share, panel: Panel, id: number, waitedMs = 0): void {
  if (panel.open?.id === id) {
    panel.open.addShared(files, text)
    void discard()
  } else if (waitedMs > maxWaitMs) showNotice(reader.t('share.failed'))
  else setTimeout(() => put({ text, files }, panel, id, waitedMs + everyMs), everyMs)
}
