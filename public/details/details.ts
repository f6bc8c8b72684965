import type { Conversation, Member } from '../../server/contract/conversations.ts'
import detailsTemplate from '../../views/conversations/details.eta'
import { fold } from '../../views/people/names.ts'
import { otherOf } from '../../views/people/other.ts'
import { lay } from '../back.ts'
import type { Navigation } from '../conversations/navigation.ts'
import { isComposing } from '../keys.ts'
import { morph } from '../morph.ts'
import { element, page } from '../page.ts'
import { renderTemplate, toElement } from '../render.ts'
import type { State } from '../state.ts'
import { addPeople } from './add-people.ts'
import { deleteGroup, leaveGroup, removeMember } from './leaving.ts'
import { rename, setOwn } from './saving.ts'

/** Where the panel covers the conversation it is a page of its own: the browser's back leaves it. */
const ALONE = matchMedia('(max-width: 47.9375em)')

/** Members shown until somebody asks for all. */
const FEW = 30

/** The panel beside a conversation: what it is, who is in it, and what one may do about that. */
export class Details {
  #conversation: () => Conversation
  #state: State
  #navigation: Navigation
  #closed: () => void
  #aside: HTMLElement
  #closing = new AbortController()
  #editing = false
  #all = false
  #query = ''
  #left = () => {}

  constructor(conversation: () => Conversation, state: State, navigation: Navigation, closed: () => void) {
    this.#conversation = conversation
    this.#state = state
    this.#navigation = navigation
    this.#closed = closed
    this.#aside = this.#made()
    element('main').append(this.#aside)
    this.#aside.addEventListener('click', (event) => this.#click(event))
    this.#aside.addEventListener('input', ({ target }) => this.#search(target as HTMLInputElement))
    this.#aside.addEventListener('submit', (event) => void this.#rename(event))
    this.#aside.addEventListener('keydown', (event) => this.#key(event))
    this.#mark(true)
    if (ALONE.matches) this.#left = lay(() => this.close())
  }

  focus(): void {
    this.#aside.focus({ preventScroll: true })
  }

  close(): void {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    this.#left()
    const focused = this.#aside.contains(document.activeElement)
    this.#aside.remove()
    this.#mark(false)
    this.#closed()
    if (focused) document.querySelector<HTMLElement>('.head > .icon-button[data-action="details"]')?.focus()
  }

  /** Draws it again; a name that is being written is left alone. */
  draw(): void {
    if (!this.#editing) morph(this.#aside, this.#made())
  }

  #made(): HTMLElement {
    const conversation = this.#conversation()
    const { presences } = this.#state
    const members = conversation.members ?? []
    const wanted = fold(this.#query)
    const found = members.filter((each) => fold(`${each.display_name} ${each.username}`).includes(wanted))
    const shown = this.#all || wanted ? found : found.slice(0, FEW)
    const other = otherOf(conversation, page.me.id)
    const others = shown.filter((member) => member.user_id !== page.me.id)
    presences.want(others.map((member) => member.user_id))
    return toElement(
      renderTemplate(detailsTemplate, {
        conversation,
        editing: this.#editing,
        username: other?.username,
        presence: presences.get(other?.user_id),
        members: shown.map((member: Member) => ({ member, presence: presences.get(member.user_id) })),
        searched: members.length > FEW,
        more: found.length > shown.length,
      }),
    )
  }

  #click({ target }: MouseEvent): void {
    const button = (target as Element).closest<HTMLElement>('[data-action], [data-own], [data-remove]')
    if (!button) return
    const { action, own, remove } = button.dataset
    const conversation = this.#conversation()
    const { conversations } = this.#state
    if (own) void setOwn(conversations, conversation, own as 'is_muted' | 'is_archived')
    if (remove) void removeMember(conversations, conversation, Number(remove))
    if (action === 'details-close') this.close()
    if (action === 'edit') this.#edit(true)
    if (action === 'edit-cancel') this.#edit(false)
    if (action === 'members-all') this.#showAll()
    if (action === 'add') addPeople(conversations, conversation)
    if (action === 'leave') void leaveGroup(conversations, conversation, this.#navigation)
    if (action === 'delete') void deleteGroup(conversations, conversation, this.#navigation)
  }

  #edit(editing: boolean): void {
    this.#editing = editing
    morph(this.#aside, this.#made())
    const goal = editing ? '[name="name"]' : '[data-action="edit"]'
    this.#aside.querySelector<HTMLElement>(goal)?.focus()
  }

  async #rename(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    if (await rename(this.#state.conversations, this.#conversation(), form)) this.#edit(false)
  }

  #search({ type, value }: HTMLInputElement): void {
    if (type !== 'search') return
    this.#query = value
    this.draw()
  }

  #showAll(): void {
    this.#all = true
    this.draw()
    this.#aside.querySelector<HTMLElement>('.details__members .person--plain [data-remove]')?.focus()
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || isComposing(event)) return
    event.stopPropagation()
    // There it empties the search box.
    if (event.target instanceof HTMLInputElement && event.target.type === 'search' && event.target.value)
      return
    if (this.#editing) this.#edit(false)
    else this.close()
  }

  #mark(open: boolean): void {
    element('main').classList.toggle('main--details', open)
    for (const button of document.querySelectorAll('[data-action="details"]'))
      button.setAttribute('aria-expanded', String(open))
  }
}
