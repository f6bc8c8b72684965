import type { Conversation, Member, Notify } from '../../server/contract/conversations.ts'
import detailsTemplate from '../../views/conversations/details.eta'
import { fold } from '../../views/people/names.ts'
import { otherOf } from '../../views/people/other.ts'
import { pushLayer } from '../back.ts'
import type { Navigation } from '../conversations/navigation.ts'
import { isComposing } from '../keys.ts'
import { morph } from '../morph.ts'
import { element, page } from '../page.ts'
import { renderTemplate, toElement } from '../render.ts'
import type { State } from '../state.ts'
import { addPeople } from './add-people.ts'
import { deleteGroup, leaveGroup, removeMember } from './leaving.ts'
import { rename, setOwn } from './saving.ts'

/** There the browser's back closes the panel. */
const coversConversation = matchMedia('(max-width: 47.9375em)')

const maxMembersShown = 30

/** The panel beside a conversation: its settings, and in a group its description and members. */
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
  #popLayer = () => {}

  constructor(conversation: () => Conversation, state: State, navigation: Navigation, closed: () => void) {
    this.#conversation = conversation
    this.#state = state
    this.#navigation = navigation
    this.#closed = closed
    this.#aside = this.#rendered()
    element('main').append(this.#aside)
    this.#aside.addEventListener('click', (event) => this.#click(event))
    this.#aside.addEventListener('input', ({ target }) => this.#search(target as HTMLInputElement))
    this.#aside.addEventListener('change', ({ target }) => this.#choose(target as HTMLInputElement))
    this.#aside.addEventListener('submit', (event) => void this.#rename(event))
    this.#aside.addEventListener('keydown', (event) => this.#keydown(event))
    this.#markOpen(true)
    if (coversConversation.matches) this.#popLayer = pushLayer(() => this.close())
  }

  focus(): void {
    this.#aside.focus({ preventScroll: true })
  }

  close(): void {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    this.#popLayer()
    const focused = this.#aside.contains(document.activeElement)
    this.#aside.remove()
    this.#markOpen(false)
    this.#closed()
    if (focused) document.querySelector<HTMLElement>('.head > .icon-button[data-action="details"]')?.focus()
  }

  /** Not while the name is being edited. */
  draw(): void {
    if (this.#editing) return
    morph(this.#aside, this.#rendered())
    // What somebody chose stays chosen, whatever the attribute says.
    for (const each of this.#aside.querySelectorAll<HTMLInputElement>('[name="notify"]'))
      each.checked = each.defaultChecked
  }

  #rendered(): HTMLElement {
    const conversation = this.#conversation()
    const { presences } = this.#state
    const members = conversation.members ?? []
    const wanted = fold(this.#query)
    const found = members.filter((each) => fold(`${each.display_name} ${each.username}`).includes(wanted))
    const shown = this.#all || wanted ? found : found.slice(0, maxMembersShown)
    const other = otherOf(conversation, page.me.id)
    const others = shown.filter((member) => member.user_id !== page.me.id)
    presences.watch(others.map((member) => member.user_id))
    return toElement(
      renderTemplate(detailsTemplate, {
        conversation,
        editing: this.#editing,
        username: other?.username,
        presence: presences.get(other?.user_id),
        members: shown.map((member: Member) => ({ member, presence: presences.get(member.user_id) })),
        searched: members.length > maxMembersShown,
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
    if (own === 'is_muted' || own === 'is_archived' || own === 'is_pinned')
      void setOwn(conversations, conversation, { [own]: !conversation[own] })
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
    morph(this.#aside, this.#rendered())
    const goal = editing ? '[name="name"]' : '[data-action="edit"]'
    this.#aside.querySelector<HTMLElement>(goal)?.focus()
  }

  #choose({ name, value }: HTMLInputElement): void {
    if (name !== 'notify') return
    const notify = value as Notify
    const wanted = { notify, is_muted: notify !== 'all' }
    void setOwn(this.#state.conversations, this.#conversation(), wanted)
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

  #keydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || isComposing(event)) return
    event.stopPropagation()
    // Escape in a search box clears it first.
    if (event.target instanceof HTMLInputElement && event.target.type === 'search' && event.target.value)
      return
    if (this.#editing) this.#edit(false)
    else this.close()
  }

  #markOpen(open: boolean): void {
    element('main').classList.toggle('main--details', open)
    for (const button of document.querySelectorAll('[data-action="details"]'))
      button.setAttribute('aria-expanded', String(open))
  }
}
