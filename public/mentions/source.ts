import { Delta } from 'quill/core.js'
import type { Member } from '../../server/contract/conversations.ts'
import listTemplate from '../../views/mentions/list.eta'
import { handlesOf } from '../../views/people/handles.ts'
import type { Source } from '../completion/source.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'
import { matching } from './matching.ts'

const maxShown = 8

/** The members of a group, once an "@" is typed. */
export const mentionSource = (members: () => Promise<Member[]>): Source => ({
  /** Up to four words, as names have; an "@" within a word belongs to an address. */
  begun: /(?<![\p{L}\p{N}_.@-])@((?:[\p{L}\p{M}\p{N}'’.-]+(?: [\p{L}\p{M}\p{N}'’.-]+){0,3} ?)?)$/u,
  isSpaced: true,
  async find(words) {
    const found = matching(await members(), words)
    if (found.length === 0) return undefined
    const shown = found.slice(0, maxShown)
    const handles = handlesOf(shown)
    const people = shown.map((member) => ({ member, handle: handles.get(member.user_id) }))
    return {
      count: found.length,
      html: renderTemplate(listTemplate, { people, more: found.length - people.length }),
      said: reader.t('mentions.found', { count: found.length }),
      choose: (index) => {
        const { display_name, user_id } = shown[index]!
        return new Delta().insert({ mention: { text: `@${display_name}`, id: String(user_id) } })
      },
    }
  },
})
