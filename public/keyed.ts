import { morph } from './morph.ts'
import { toElement } from './render.ts'

export interface Drawn {
  key: string
  html: string
}

const htmlOf = new WeakMap<Element, string>()

/**
 * Makes the children of `parent` match `items`, in order. A node is kept as long as its key is there, with its focus and
 * selection, whatever changes inside. What the server has drawn is compared the first time.
 * @returns the nodes that were added
 */
export function draw(parent: Element, items: Drawn[]): HTMLElement[] {
  const nodes = byKey(parent)
  const added: HTMLElement[] = []
  let place = parent.firstElementChild
  for (const { key, html } of items) {
    const old = nodes.get(key)
    nodes.delete(key)
    const node = old ?? create(html)
    if (!old) added.push(node)
    else if (htmlOf.get(old) !== html) update(old, html)
    if (place === node) place = node.nextElementSibling
    else parent.insertBefore(node, place)
  }
  for (const gone of nodes.values()) gone.remove()
  return added
}

function byKey(parent: Element): Map<string, HTMLElement> {
  return new Map(
    [...parent.children].map((node) => [(node as HTMLElement).dataset.key ?? '', node as HTMLElement]),
  )
}

function create(html: string): HTMLElement {
  const node = toElement(html)
  htmlOf.set(node, html)
  return node
}

function update(node: HTMLElement, html: string): void {
  morph(node, toElement(html))
  htmlOf.set(node, html)
}
