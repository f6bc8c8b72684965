import type { Conversation, User } from '../../server/live/events.ts'
import addTemplate from '../../views/dialogs/add-people.eta'
import { api, Problem } from '../api.ts'
import type { Conversations } from '../conversations/conversations.ts'
import { openDialog } from '../dialog.ts'
import { isEnter } from '../keys.ts'
import { reader } from '../page.ts'
import { render, renderTemplate } from '../render.ts'

const PAUSE = 150

/** Finds people by name and adds them to a group. */
export function addPeople(conversations: Conversations, { id, members = [] }: Conversation): void {
  const { t } = reader
  const dialog = openDialog(renderTemplate(addTemplate))
  const search = dialog.querySelector('input') as HTMLInputElement
  const [chips, list] = dialog.querySelectorAll('ul')
  const hint = dialog.querySelector('.dialog__hint') as HTMLElement
  const submit = dialog.querySelector<HTMLButtonElement>('[data-action="submit"]') as HTMLButtonElement
  const inGroup = new Set(members.map((member) => member.user_id))
  let asking = new AbortController()
  let timer = 0
  let people: User[] = []
  let chosen: User[] = []

  async function find(): Promise<void> {
    asking.abort()
    asking = new AbortController()
    try {
      const { users } = await api.users(search.value.trim(), asking.signal)
      people = users.filter((user) => !inGroup.has(user.id))
      hint.textContent = t(
        people.length ? 'details.add_hint' : users.length ? 'details.in_group' : 'new.nobody',
      )
      show()
    } catch (error) {
      if ((error as Error).name !== 'AbortError') hint.textContent = t('new.failed')
    }
  }

  function show(): void {
    const ids = new Set(chosen.map((person) => person.id))
    chips!.innerHTML = chosen.map((person) => render('people/chosen', { person })).join('')
    list!.innerHTML = people
      .map((person) => render('people/found', { person, chosen: ids.has(person.id) }))
      .join('')
    submit.disabled = !chosen.length
  }

  function toggle(userId: number): void {
    const person = [...people, ...chosen].find((each) => each.id === userId)
    if (!person) return
    const without = chosen.filter((each) => each.id !== userId)
    chosen = without.length < chosen.length ? without : [...chosen, person]
    if (search.value) {
      search.value = ''
      void find()
    }
    show()
    search.focus()
  }

  async function add(): Promise<void> {
    submit.disabled = true
    try {
      await api.addMembers(
        id,
        chosen.map((person) => person.id),
      )
      await conversations.fetch(id)
      dialog.close()
    } catch (error) {
      const taken = error instanceof Problem && error.status === 409
      hint.textContent = t(taken ? 'details.add_taken' : 'new.failed')
      submit.disabled = false
    }
  }

  search.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => void find(), PAUSE)
  })
  search.addEventListener('keydown', (event) => {
    if (!isEnter(event)) return
    event.preventDefault()
    const [first] = people
    if (search.value.trim() && first) toggle(first.id)
    else if (chosen.length) void add()
  })
  for (const part of [chips!, list!])
    part.addEventListener('click', ({ target }) => {
      toggle(Number((target as Element).closest<HTMLElement>('[data-user-id]')?.dataset.userId))
    })
  submit.addEventListener('click', () => void add())
  void find()
}
