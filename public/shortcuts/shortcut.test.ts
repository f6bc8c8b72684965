import { beforeEach, expect, test, vi } from 'vitest'
import type { Shortcut } from './shortcut.ts'

type Key = Partial<KeyboardEvent> & { in?: string; value?: string; altGraph?: boolean }

/** A key as a browser reports it, in a field when it names one. */
const pressed = ({ in: field = '', value = '', altGraph = false, ...key }: Key) => ({
  ...{ code: '', altKey: false, shiftKey: false, ctrlKey: false, metaKey: false, isComposing: false, ...key },
  getModifierState: () => altGraph,
  target: {
    closest: () => (field ? { value, matches: (selector: string) => selector.includes(field) } : null),
  },
})

async function shortcutOn(platform: string, key: Key): Promise<Shortcut | undefined> {
  vi.stubGlobal('navigator', { platform })
  const { shortcutOf } = await import('./shortcut.ts')
  return shortcutOf(pressed(key) as unknown as KeyboardEvent)
}
beforeEach(() => vi.resetModules())

test.each<[string, string, Key, Shortcut | undefined]>([
  ['?', 'Win32', { key: '?', shiftKey: true }, 'help'],
  ['Ctrl+/ in a field', 'Win32', { key: '/', ctrlKey: true, in: 'input' }, 'help'],
  ['? in a field', 'Win32', { key: '?', shiftKey: true, in: 'input' }, undefined],
  ['? with Ctrl', 'Win32', { key: '?', ctrlKey: true }, undefined],
  ['Alt+↓ in a message', 'Win32', { key: 'ArrowDown', altKey: true, in: 'textarea', value: 'a' }, 'next'],
  ['Alt+Shift+↑', 'Win32', { key: 'ArrowUp', altKey: true, shiftKey: true }, 'previous_unread'],
  ['Alt+↓ in a list of choices', 'Win32', { key: 'ArrowDown', altKey: true, in: 'select' }, undefined],
  ['Option+↑ in an empty field', 'MacIntel', { key: 'ArrowUp', altKey: true, in: 'textarea' }, 'previous'],
  ['Option+↑ in text', 'MacIntel', { key: 'ArrowUp', altKey: true, in: 'textarea', value: 'a' }, undefined],
  ['↓', 'Win32', { key: 'ArrowDown' }, undefined],
  ['Alt+Shift+N', 'Win32', { key: 'N', code: 'KeyN', altKey: true, shiftKey: true, in: 'input' }, 'new'],
  ['Option+Shift+N elsewhere', 'MacIntel', { key: 'Ń', code: 'KeyN', altKey: true, shiftKey: true }, 'new'],
  [
    'Ń in a message on a Mac',
    'MacIntel',
    { key: 'Ń', code: 'KeyN', altKey: true, shiftKey: true, in: 'input' },
    undefined,
  ],
  ['Ń by AltGr', 'Win32', { key: 'Ń', code: 'KeyN', altKey: true, shiftKey: true, ctrlKey: true }, undefined],
  [
    'Ń by AltGr alone',
    'Linux',
    { key: 'Ń', code: 'KeyN', altKey: true, shiftKey: true, altGraph: true },
    undefined,
  ],
  ['↓ of an input method', 'Win32', { key: 'ArrowDown', altKey: true, isComposing: true }, undefined],
])('%s on %s asks for the right thing', async (_, platform, key, wanted) => {
  expect(await shortcutOn(platform, key)).toBe(wanted)
})
