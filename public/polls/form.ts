import { limits } from '../../server/contract/limits.ts'
import { tidy } from '../../views/people/names.ts'
import type { TextKey } from '../../views/texts/texts.ts'

interface Written {
  question: string
  options: string[]
  is_multiple: boolean
  is_secret: boolean
  closes_at: string | null
}

/** What keeps a poll from being asked, and the field to mend. */
interface Fault {
  at: HTMLElement | undefined
  text: TextKey
}

export const optionsIn = (form: ParentNode) => [...form.querySelectorAll<HTMLInputElement>('[name="option"]')]

/** The poll as it was filled in; options that were left empty are none. */
export function read(form: ParentNode): Written | Fault {
  const field = (name: string) => form.querySelector(`[name="${name}"]`) as HTMLInputElement
  const [question, closes] = [field('question'), field('closes_at')]
  const filled = optionsIn(form).filter(({ value }) => tidy(value))
  const options = filled.map(({ value }) => tidy(value))
  const closesAt = closes.value ? new Date(closes.value) : null
  if (!tidy(question.value)) return { at: question, text: 'polls.no_question' }
  if (options.length < limits.pollMinOptions)
    return { at: optionsIn(form).find((input) => !filled.includes(input)), text: 'polls.minimum' }
  const repeated = filled.find((_, i) => options.indexOf(options[i]!) < i)
  if (repeated) return { at: repeated, text: 'polls.repeated' }
  // Filled in by half, a date field has no value.
  if (closes.validity.badInput) return { at: closes, text: 'polls.no_date' }
  if (closesAt && closesAt.getTime() <= Date.now()) return { at: closes, text: 'polls.past' }
  return {
    question: tidy(question.value),
    options,
    is_multiple: field('is_multiple').checked,
    is_secret: field('is_secret').checked,
    closes_at: closesAt?.toISOString() ?? null,
  }
}
