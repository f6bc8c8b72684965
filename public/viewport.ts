/** On iOS the keyboard covers the page and resizes only the visual viewport: the page follows that. */
export function followKeyboard(): void {
  const view = window.visualViewport
  if (!view || !matchMedia('(pointer: coarse)').matches) return
  const follow = () => {
    // When zoomed in, the viewport is only a part of the page, which must not be laid out for that part.
    if (view.scale !== 1) return
    document.documentElement.style.setProperty('--view', `${view.height}px`)
    scrollTo(0, 0)
  }
  view.addEventListener('resize', follow)
}
