import { type Formats, type Leaf, type Line, LineBuilder, type Mention } from './lines.ts'

export interface Section {
  html: string
  lines: Line[]
}

const blocks = new Set(['P', 'BLOCKQUOTE', 'PRE', 'UL', 'OL', 'LI'])
const marks: Record<string, Formats> = {
  STRONG: { bold: true },
  EM: { italic: true },
  U: { underline: true },
  S: { strike: true },
  CODE: { code: true },
}

/** Reads a message's content, as stored or written by `write`, block by block. */
export function read(html: string): Section[] {
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  const reader = new Reader()
  return groups(body).flatMap((nodes) => {
    const lines = reader.group(nodes)
    return lines.length ? [{ html: htmlOf(nodes), lines }] : []
  })
}

/** The blocks of a document; inline content between them counts as a block. */
function groups(body: Element): Node[][] {
  const found: Node[][] = []
  let inline: Node[] | undefined
  for (const node of body.childNodes) {
    if (isBlock(node)) {
      found.push([node])
      inline = undefined
    } else if (inline) inline.push(node)
    else if (!isBlank(node)) {
      inline = [node]
      found.push(inline)
    }
  }
  return found
}

const isBlock = (node: Node) => node instanceof Element && blocks.has(node.tagName)
const isBlank = (node: Node) => node instanceof Text && /^[ \t\r\n]*$/.test(node.data)

/** Whitespace between blocks is only formatting of the HTML. */
export function isLayout(node: Node, isBlock: (node: Node) => boolean): boolean {
  const { previousSibling: before, nextSibling: after } = node
  const alone = (!before || isBlock(before)) && (!after || isBlock(after))
  return Boolean(before || after) && alone && isBlank(node)
}

class Reader {
  #builder = new LineBuilder()

  group(nodes: Node[]): Line[] {
    const { lines } = this.#builder
    const before = lines.length
    const leaf: Leaf = { formats: {} }
    for (const node of nodes) this.#node(node, leaf, {})
    this.#builder.endPending(leaf)
    return lines.slice(before)
  }

  #children(parent: Node, leaf: Leaf, inline: Formats): void {
    for (const node of parent.childNodes) if (!isLayout(node, isBlock)) this.#node(node, leaf, inline)
  }

  #node(node: Node, leaf: Leaf, inline: Formats): void {
    if (node instanceof Text) this.#text(node.data, leaf, inline)
    if (!(node instanceof Element)) return
    if (node.tagName === 'BR') this.#builder.end(leaf)
    else if (blocks.has(node.tagName)) this.#block(node, leaf, inline)
    else if (node.matches('span.mention')) this.#builder.add({ mention: mentionOf(node) }, inline)
    else this.#children(node, leaf, { ...inline, ...marks[node.tagName], ...linkOf(node) })
  }

  #text(text: string, leaf: Leaf, inline: Formats): void {
    for (const [index, piece] of text.split('\n').entries()) {
      if (index) this.#builder.end(leaf)
      this.#builder.add(piece, inline)
    }
  }

  #block(block: Element, around: Leaf, inline: Formats): void {
    const isList = block.tagName === 'UL' || block.tagName === 'OL'
    this.#builder.endPending(around)
    // An item that begins with a nested list gets an empty line for itself.
    if (isList && around.formats.list && !around.hasLines) this.#builder.end(around)
    const before = this.#builder.lines.length
    const leaf = leafOf(block, around)
    this.#children(block, leaf, isCodeInItem(block, around) ? { ...inline, code: true } : inline)
    const empty = this.#builder.lines.length === before && !isList
    if (empty || this.#builder.pending) this.#builder.end(leaf)
  }
}

function leafOf({ tagName }: Element, around: Leaf): Leaf {
  const { formats } = around
  switch (tagName) {
    case 'UL':
    case 'OL':
      return { formats: { ...formats, list: listKinds[tagName], ...deeper(formats) }, hasLines: true }
    case 'LI':
      return { formats: { ...formats } }
    case 'BLOCKQUOTE':
      return { formats: { ...formats, blockquote: String(Number(formats.blockquote ?? 0) + 1) } }
    case 'PRE':
      return formats.list ? around : { formats: { ...formats, 'code-block': true } }
    default:
      // Paragraphs in a list item become its lines.
      return formats.list ? around : { formats: { ...formats } }
  }
}

const listKinds = { UL: 'bullet', OL: 'ordered' }
const deeper = ({ list, indent = 0 }: Formats) => list !== undefined && { indent: Number(indent) + 1 }
const isCodeInItem = ({ tagName }: Element, { formats }: Leaf) => tagName === 'PRE' && formats.list

function linkOf(node: Element): Formats {
  const href = node.tagName === 'A' && node.getAttribute('href')
  return href ? { link: href } : {}
}

export function mentionOf(node: Element): Mention {
  const id = node.getAttribute('data-user-id')
  return { text: node.textContent, ...(id && { id }) }
}

/** Serialized the way the server does it. */
function htmlOf(nodes: Node[]): string {
  const holder = nodes[0]!.ownerDocument!.createElement('div')
  holder.append(...nodes.map((node) => node.cloneNode(true)))
  // Parsers drop the first line break of a `pre`.
  for (const pre of holder.querySelectorAll('pre')) if (pre.textContent.startsWith('\n')) pre.prepend('\n')
  return holder.innerHTML.replaceAll('&nbsp;', '\u00a0')
}
