import Block from 'quill/blots/block.js'
import Embed from 'quill/blots/embed.js'
import Quill, { Parchment } from 'quill/core.js'
import Bold from 'quill/formats/bold.js'
import CodeBlock, { Code } from 'quill/formats/code.js'
import Indent from 'quill/formats/indent.js'
import Italic from 'quill/formats/italic.js'
import Link from 'quill/formats/link.js'
import List from 'quill/formats/list.js'
import Strike from 'quill/formats/strike.js'
import Underline from 'quill/formats/underline.js'
import type { Mention } from './lines.ts'

const { ClassAttributor, Attributor, Scope } = Parchment
const block = { scope: Scope.BLOCK }

/** An attribute of lines rather than a block, so that a quote may hold lists and code; the value is the depth. */
const Quote = new ClassAttributor('blockquote', 'ql-quote', block)
/** Continues the block of the line before, as after a `<br>`. */
const Joined = new ClassAttributor('joined', 'ql-joined', block)
/** Which block of the loaded text a line came from. */
const Of = new Attributor('of', 'data-of', block)

/** As deep as the server allows. */
Object.assign(Indent, { whitelist: Array.from({ length: 64 }, (_, index) => index + 1) })

class CodeLine extends CodeBlock {
  // Quill would remove formats and whole mentions from code.
  static override allowedChildren = Block.allowedChildren
}

class MentionBlot extends Embed {
  static override blotName = 'mention'
  static override tagName = 'span'
  static override className = 'mention'

  static override create(value: unknown): HTMLElement {
    const { text, id } = value as Mention
    // biome-ignore lint/complexity/noThisInStatic: it reads this class's tag and class name
    const node = super.create() as HTMLElement
    node.textContent = text
    if (id) node.dataset.userId = id
    return node
  }

  static override value({ textContent, dataset }: HTMLElement): Mention {
    const text = (textContent ?? '').replaceAll('\uFEFF', '')
    return { text, ...(dataset.userId && { id: dataset.userId }) }
  }
}

Link.PROTOCOL_WHITELIST = ['http', 'https', 'mailto', 'tel']

Quill.register({
  'formats/blockquote': Quote,
  'formats/bold': Bold,
  'formats/code': Code,
  'formats/code-block': CodeLine,
  'formats/indent': Indent,
  'formats/italic': Italic,
  'formats/joined': Joined,
  'formats/link': Link,
  'formats/list': List,
  'formats/mention': MentionBlot,
  'formats/of': Of,
  'formats/strike': Strike,
  'formats/underline': Underline,
})

/** All that a message may have. */
export const formats = [
  ...[
    'blockquote',
    'bold',
    'code',
    'code-block',
    'indent',
    'italic',
    'joined',
    'link',
    'list',
    'mention',
    'of',
  ],
  ...['strike', 'underline'],
]
