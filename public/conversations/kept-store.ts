import { createStore } from 'idb-keyval'

/** What is kept for reading without a network: conversations by their ids, `list`, and `owner`, the member it is of. */
export const store = createStore('rozmowa.kept', 'conversations')
