import type { Conversation } from '../../server/contract/conversations.ts'
import type { Sought } from '../api.ts'
import { startOfDay } from '../local-day.ts'
import { element, reader } from '../page.ts'

type Kind = Sought['kind'] | 'all'
type Narrowing = Omit<Sought, 'q' | 'kind'>

/** What narrows a search besides its words: a conversation and who wrote there, days, a kind. */
export class Filters {
  kind: Kind = 'all'
  /** Where to search; everywhere, if undefined. */
  conversation: Conversation | undefined
  #bar = element('search-filters')
  #narrow = element('narrow')
  #sender = element<HTMLSelectElement>('search-sender')
  #since = element<HTMLInputElement>('search-since')
  #until = element<HTMLInputElement>('search-until')
  #changed: () => void

  constructor(changed: () => void) {
    this.#changed = changed
    this.#bar.addEventListener('click', (event) => this.#click(event))
    this.#narrow.addEventListener('change', () => {
      this.#mark()
      changed()
    })
  }

  /** Whether messages alone can fit. */
  get isNarrow(): boolean {
    return this.kind !== 'all' || Object.values(this.narrowing).some(Boolean)
  }

  get narrowing(): Narrowing {
    const [since, until] = [dayIn(this.#since), dayIn(this.#until)]
    return {
      conversation_id: this.conversation?.id ?? null,
      sender_id: (this.conversation && Number(this.#sender.value)) || null,
      since: since && startOfDay(since),
      // Of that day, too.
      until: until && startOfDay(until, 1),
    }
  }

  show(isShown: boolean): void {
    this.#bar.hidden = !isShown
  }

  /** @param conversation undefined for all of them */
  within(conversation: Conversation | undefined): void {
    this.conversation = conversation
    element('search-here').hidden = !conversation
    element('search-here-title').textContent = conversation?.title ?? ''
    const who = this.#sender.closest('label') as HTMLElement
    const members = conversation?.members ?? []
    who.hidden = members.length < 2
    const people = members.map((each) => new Option(each.display_name, `${each.user_id}`))
    this.#sender.replaceChildren(new Option(reader.t('search.anybody'), ''), ...people)
    this.#mark()
  }

  reset(): void {
    this.within(undefined)
    this.#choose('all')
    this.#since.value = ''
    this.#until.value = ''
    this.#mark()
    this.#open(false)
  }

  #choose(kind: Kind): void {
    this.kind = kind
    for (const button of this.#bar.querySelectorAll<HTMLElement>('[data-kind]'))
      button.ariaPressed = String(button.dataset.kind === kind)
  }

  #open(isOpen: boolean): void {
    this.#narrow.hidden = !isOpen
    this.#button.ariaExpanded = String(isOpen)
  }

  /** Says of the closed fields whether they narrow the search. */
  #mark(): void {
    const isUsed = [this.#sender, this.#since, this.#until].some(({ value }) => value !== '')
    this.#button.classList.toggle('filter--used', isUsed)
    this.#button.ariaLabel = reader.t(isUsed ? 'search.narrowed' : 'search.narrow')
    this.#button.title = this.#button.ariaLabel
  }

  get #button(): HTMLElement {
    return this.#bar.querySelector('[data-search="narrow"]') as HTMLElement
  }

  #click({ target }: MouseEvent): void {
    const { kind, search } =
      (target as Element).closest<HTMLElement>('[data-kind], [data-search]')?.dataset ?? {}
    if (search === 'narrow') return this.#open(Boolean(this.#narrow.hidden))
    if (kind) this.#choose(kind as Kind)
    else if (search === 'everywhere') this.within(undefined)
    else return
    this.#changed()
  }
}

/** Null while it is empty or half typed. */
const dayIn = ({ value, validity }: HTMLInputElement) => (validity.valid && value) || null
