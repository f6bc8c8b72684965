/** Set by the page itself, whatever the template says. */
const pageAttributes = new Set(['tabindex', 'aria-expanded'])

/** Makes `old` look like `wanted`, but keeps the element with its focus, selection and loaded images. */
export function morph(old: Element, wanted: Element): void {
  // What the page itself has put into it stays.
  if (old.hasAttribute('data-filled')) return
  attributes(old, wanted)
  const before = [...old.childNodes]
  const after = [...wanted.childNodes]
  for (const gone of before.slice(after.length)) gone.remove()
  for (const [index, child] of after.entries()) {
    const place = before[index]
    if (!place) old.append(child)
    else if (!place.isEqualNode(child)) become(place, child)
  }
}

function become(place: ChildNode, child: ChildNode): void {
  if (place instanceof Element && child instanceof Element && sameKind(place, child)) morph(place, child)
  else if (place instanceof Text && child instanceof Text) place.data = child.data
  else place.replaceWith(child)
}

/** An element with a `data-key` is never reused for another key. */
function sameKind(a: Element, b: Element): boolean {
  return a.tagName === b.tagName && a.getAttribute('data-key') === b.getAttribute('data-key')
}

function attributes(old: Element, wanted: Element): void {
  for (const { name } of [...old.attributes])
    if (!wanted.hasAttribute(name) && !pageAttributes.has(name)) old.removeAttribute(name)
  for (const { name, value } of wanted.attributes)
    if (old.getAttribute(name) !== value && !(pageAttributes.has(name) && old.hasAttribute(name)))
      old.setAttribute(name, value)
}
