import helpTemplate from '../../views/shortcuts/help.eta'
import type { TextKey } from '../../views/texts/texts.ts'
import { openDialog } from '../dialog.ts'
import { renderTemplate } from '../render.ts'
import { questionMarkHelps, setQuestionMark } from './question-mark.ts'
import { isMac } from './shortcut.ts'

/** Keys that are pressed together are joined by `+`; each alternative stands by itself. */
type Line = [keys: string[], about: TextKey]

const sections: { title: TextKey; lines: Line[] }[] = [
  {
    title: 'shortcuts.anywhere',
    lines: [
      [['Mod+K'], 'search.title'],
      [['Alt+↑', 'Alt+↓'], 'shortcuts.neighbour'],
      [['Alt+Shift+↑', 'Alt+Shift+↓'], 'shortcuts.unread'],
      [['Alt+Shift+N'], 'conversations.new'],
      [['F6', 'Shift+F6'], 'shortcuts.region'],
      [['Esc'], 'shortcuts.close'],
      [['Mod+/', '?'], 'shortcuts.help'],
    ],
  },
  {
    title: 'messages.title',
    lines: [
      [['↑', '↓'], 'shortcuts.message'],
      [['Shift+F10'], 'shortcuts.menu'],
    ],
  },
  {
    title: 'shortcuts.writing',
    lines: [
      [['Enter'], 'composer.send'],
      [['Shift+Enter'], 'shortcuts.line'],
      [['↑'], 'shortcuts.edit'],
      [['@'], 'shortcuts.mention'],
      [['Mod+B'], 'composer.bold'],
      [['Mod+I'], 'composer.italic'],
      [['Mod+U'], 'composer.underline'],
    ],
  },
]

/** A dialog with the keys and gestures that there are. */
export function openShortcuts(): void {
  const dialog = openDialog(
    renderTemplate(helpTemplate, {
      // Those of the screen first, where that is what somebody has.
      isTouch: matchMedia('(pointer: coarse)').matches,
      questionMark: questionMarkHelps(),
      sections: sections.map(({ title, lines }) => ({
        title,
        lines: lines.map(([keys, about]) => ({
          keys: keys.map((each) => each.split('+').map(named)),
          about,
        })),
      })),
    }),
  )
  dialog.querySelector('[name="question_mark"]')?.addEventListener('change', ({ target }) => {
    setQuestionMark((target as HTMLInputElement).checked)
  })
}

/** As the keyboard in use has it. */
const named = (key: string) =>
  key === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : isMac && key === 'Alt' ? 'Option' : key
