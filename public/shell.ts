import { get } from 'idb-keyval'
import type { PageData } from '../views/page.ts'
import { store } from './conversations/kept-store.ts'

/** The page without a network: it starts from what this browser has kept, and goes on as any other. */
const place = document.getElementById('page') as HTMLElement
const page: PageData = JSON.parse(place.textContent)
const isMine = (await get('owner', store).catch(() => undefined)) === page.me.id
const list = isMine && (await get<PageData['list']>('list', store).catch(() => undefined))
// Nothing was drawn in any time zone.
place.textContent = JSON.stringify({ ...page, list: list || page.list, zone: '' })
// As if from the list to the conversation in the address.
const { pathname, search } = location
history.replaceState(history.state, '', `/wiadomosci${search}`)
await import(document.querySelector<HTMLElement>('script[data-main]')?.dataset.main ?? '')
history.replaceState(history.state, '', pathname + search)
dispatchEvent(new PopStateEvent('popstate'))
