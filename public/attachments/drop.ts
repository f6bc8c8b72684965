/**
 * Files dropped anywhere on the page, or pasted into the text. The place to drop is shown while something is dragged
 * over the page.
 */
export function takeFiles(take: (files: File[]) => void, isOpen: () => boolean): void {
  const zone = () => document.getElementById('conversation')
  // Every element one drags across is entered and left: only leaving the last of them is leaving the page.
  let depth = 0
  const show = (over: boolean) => zone()?.classList.toggle('conversation--drop', over && isOpen())
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

  addEventListener('dragenter', (event) => {
    if (!carriesFiles(event)) return
    depth++
    show(true)
  })
  addEventListener('dragleave', (event) => {
    if (!carriesFiles(event)) return
    depth = Math.max(0, depth - 1)
    if (!depth) show(false)
  })
  addEventListener('dragover', (event) => {
    // Without this a file that is dropped beside everything would replace the page.
    if (carriesFiles(event)) event.preventDefault()
  })
  addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    depth = 0
    show(false)
    if (isOpen()) take([...(event.dataTransfer?.files ?? [])])
  })
  addEventListener(
    'paste',
    (event) => {
      const files = [...(event.clipboardData?.files ?? [])]
      // Word and Excel put a picture of the text beside the text.
      if (!files.length || event.clipboardData?.types.includes('text/plain') || !isOpen()) return
      if ((event.target as Element).closest('dialog')) return
      event.preventDefault()
      event.stopPropagation()
      take(files)
    },
    { capture: true },
  )
}
