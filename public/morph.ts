/** What the page itself keeps on an element, whatever the template says. */
const OWN = new Set(['tabindex', 'aria-expanded'])

/** Makes `old` look like `wanted` and stays the same element, with its focus, selection and loaded images. */
export function morph(old: Element, wanted: Element): void {
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

/** An element named by `data-key` is never made another one's. */
function sameKind(a: Element, b: Element): boolean {
  return a.tagName === b.tagName && a.getAttribute('data-key') === b.getAttribute('data-key')
}

function attributes(old: Element, wanted: Element): void {
  for (const { name } of [...old.attributes])
    if (!wanted.hasAttribute(name) && !OWN.has(name)) old.removeAttribute(name)
  for (const { name, value } of wanted.attributes)
    if (old.getAttribute(name) !== value && !(OWN.has(name) && old.hasAttribute(name)))
      old.setAttribute(name, value)
}
