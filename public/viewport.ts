/** iOS lays its keyboard over the page and tells only the visual viewport: the page follows it. */
export function followKeyboard(): void {
  const view = window.visualViewport
  if (!view || !matchMedia('(pointer: coarse)').matches) return
  const follow = () => {
    // Somebody who has zoomed in looks at a part of the page; it must not be laid out for that part.
    if (view.scale !== 1) return
    document.documentElement.style.setProperty('--view', `${view.height}px`)
    scrollTo(0, 0)
  }
  view.addEventListener('resize', follow)
}
