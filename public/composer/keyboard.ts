import Quill from 'quill/core.js'
import Keyboard from 'quill/modules/keyboard.js'
import { enterSends } from '../keys.ts'
import { indent } from './indent.ts'
import { blockFormats } from './lines.ts'

type Bindings = typeof Keyboard.DEFAULTS.bindings
type Handler = NonNullable<Extract<Bindings[string], { handler?: unknown }>['handler']>

const quillBindings = Keyboard.DEFAULTS.bindings
const names = ['bold', 'italic', 'underline', 'outdent backspace']
const arrows = ['embed left', 'embed left shift', 'embed right', 'embed right shift']

// Quill's own bindings turn "3. piętro" into a list, know formats that messages lack, and capture Tab.
class Keys extends Keyboard {
  static override DEFAULTS = {
    bindings: Object.fromEntries([...names, ...arrows].map((name) => [name, quillBindings[name]!])),
  }
}

Quill.register('modules/keyboard', Keys, true)

/** Enter in an empty item or quote line ends the list or quote; a nested item moves one level up. */
const leaveBlock: Handler = function (range, { format }) {
  if (format.indent) return indent(this.quill, -1)
  const plain = { list: false, blockquote: false, joined: false }
  this.quill.formatLine(range.index, range.length, plain, 'user')
}

/** Breaks the line within its block; in a list, a joined line starts a new item. */
const breakLine: Handler = function (range, { format }) {
  const { list, joined } = format
  if (range.length) this.quill.deleteText(range.index, range.length, 'user')
  this.quill.insertText(range.index, '\n', blockFormats(format), 'user')
  if (list && joined) this.quill.formatLine(range.index + 1, 1, { joined: false }, 'user')
  this.quill.setSelection(range.index + 1, 'silent')
}

export function bindings(submit: () => void): Bindings {
  const sends: Handler = () => (enterSends() ? submit() : true)
  return {
    leave: {
      key: 'Enter',
      shiftKey: null,
      collapsed: true,
      empty: true,
      format: ['list', 'blockquote'],
      handler: leaveBlock,
    },
    exit: { ...(quillBindings['code exit'] as object), key: 'Enter', shiftKey: null },
    send: { key: 'Enter', handler: sends },
    sendAnyway: { key: 'Enter', shortKey: true, handler: () => submit() },
    break: { key: 'Enter', shiftKey: null, handler: breakLine },
    indent: {
      key: ']',
      shortKey: true,
      format: ['list', 'code-block'],
      handler() {
        indent(this.quill, 1)
      },
    },
    outdent: {
      key: '[',
      shortKey: true,
      format: ['list', 'code-block'],
      handler() {
        indent(this.quill, -1)
      },
    },
  }
}
