const highlightMs = 2000

export function appear(node: HTMLElement): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  node.animate(
    { opacity: [0, 1], transform: ['translateY(8px)', 'none'] },
    { duration: 140, easing: 'ease-out' },
  )
}

export function highlight(node: HTMLElement): void {
  node.classList.add('message--lit')
  setTimeout(() => node.classList.remove('message--lit'), highlightMs)
}
