import gridTemplate from '../../views/emoji/grid.eta'
import pickerTemplate from '../../views/emoji/picker.eta'
import { isEnter } from '../keys.ts'
import { overlay } from '../overlay.ts'
import { renderTemplate, toElement } from '../render.ts'
import { groups } from './all.ts'
import { findEmoji } from './catalogue.ts'
import { defaultEmoji, recentEmoji, rememberEmoji } from './recent.ts'

const byEmoji = new Map(groups.flatMap((group) => group.emoji).map((each) => [each.emoji, each]))

export function openPicker(beside: Element | DOMRect, picked: (emoji: string) => void): void {
  const recent = [...new Set([...recentEmoji(), ...defaultEmoji])].flatMap(
    (emoji) => byEmoji.get(emoji) ?? [],
  )
  const all = [{ name: 'recent', sign: '🕘', emoji: recent }, ...groups]
  const picker = toElement(renderTemplate(pickerTemplate, { groups: all }))
  const shown = overlay(picker, beside)
  const search = picker.querySelector('input') as HTMLInputElement
  search.addEventListener('input', () => find(picker, search.value))
  picker.addEventListener('click', ({ target }) => {
    const { emoji, group } = (target as Element).closest('button')?.dataset ?? {}
    if (group) picker.querySelector(`[data-section="${group}"]`)?.scrollIntoView({ block: 'start' })
    if (emoji) choose(emoji)
  })
  picker.addEventListener('keydown', (event) => key(picker, event, choose))
  // On a touch screen the keyboard would cover the emoji.
  if (matchMedia('(pointer: fine)').matches) search.focus()
  else picker.querySelector<HTMLElement>('.emoji__one')?.focus({ preventScroll: true })

  function choose(emoji: string): void {
    rememberEmoji(emoji)
    shown.close()
    picked(emoji)
  }
}

function find(picker: HTMLElement, query: string): void {
  const [all, found] = picker.querySelectorAll<HTMLElement>('.emoji__all')
  const hits = query.trim() ? findEmoji(groups, query, recentEmoji()) : []
  all!.hidden = Boolean(query.trim())
  found!.hidden = !query.trim()
  found!.querySelector('.emoji__grid')!.innerHTML = renderTemplate(gridTemplate, { emoji: hits })
  found!.querySelector<HTMLElement>('.emoji__nothing')!.hidden = hits.length > 0
}

function key(picker: HTMLElement, event: KeyboardEvent, choose: (emoji: string) => void): void {
  const shown = [...picker.querySelectorAll<HTMLElement>('.emoji__all:not([hidden]) .emoji__one')]
  const now = shown.indexOf(event.target as HTMLElement)
  const inSearch = event.target instanceof HTMLInputElement
  if (isEnter(event) && inSearch) {
    event.preventDefault()
    const first = event.target.value.trim() ? shown[0]?.dataset.emoji : undefined
    if (first) choose(first)
    return
  }
  const goal = inSearch ? (event.key === 'ArrowDown' ? shown[0] : undefined) : walk(shown, now, event.key)
  if (!goal) return
  event.preventDefault()
  goal.focus()
}

/** Sideways to the neighbour, up and down to the emoji in the same column. */
function walk(shown: HTMLElement[], now: number, pressed: string): HTMLElement | undefined {
  if (now < 0) return undefined
  if (pressed === 'ArrowRight') return shown[now + 1]
  if (pressed === 'ArrowLeft') return shown[now - 1]
  const { left, top } = shown[now]!.getBoundingClientRect()
  const inColumn = (each: HTMLElement) => Math.abs(each.getBoundingClientRect().left - left) < 4
  const near =
    pressed === 'ArrowDown' ? shown.slice(now + 1, now + 30) : shown.slice(Math.max(0, now - 30), now)
  if (pressed === 'ArrowDown')
    return near.find((each) => each.getBoundingClientRect().top > top && inColumn(each)) ?? near.at(-1)
  if (pressed === 'ArrowUp')
    return near.findLast((each) => each.getBoundingClientRect().top < top && inColumn(each)) ?? near[0]
  return undefined
}
