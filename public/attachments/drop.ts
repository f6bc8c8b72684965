import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import { pastedFiles, withTimestampName } from './pasted.ts'

/**
 * Accepts files dropped anywhere on the page, or pasted. The drop zone shows while files are dragged over the page.
 */
export function acceptFiles(accept: (files: File[]) => void, isOpen: () => boolean): void {
  const zone = () => document.getElementById('conversation')
  // Every element dragged across fires enter and leave: only leaving the outermost leaves the page.
  let dragDepth = 0
  const show = (over: boolean) => zone()?.classList.toggle('conversation--drop', over && isOpen())
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

  addEventListener('dragenter', (event) => {
    if (!carriesFiles(event)) return
    dragDepth++
    show(true)
  })
  addEventListener('dragleave', (event) => {
    if (!carriesFiles(event)) return
    dragDepth = Math.max(0, dragDepth - 1)
    if (!dragDepth) show(false)
  })
  addEventListener('dragover', (event) => {
    // Otherwise the browser would open a dropped file in place of the page.
    if (carriesFiles(event)) event.preventDefault()
  })
  addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    dragDepth = 0
    show(false)
    if (isOpen()) accept(withoutFolders([...(event.dataTransfer?.items ?? [])]))
  })
  addEventListener(
    'paste',
    (event) => {
      if (!event.clipboardData || !isOpen()) return
      const files = pastedFiles(event.clipboardData)
      if (!files.length || (event.target as Element).closest('dialog')) return
      event.preventDefault()
      event.stopPropagation()
      accept(files.map((file) => withTimestampName(file, reader.t('attachments.image'))))
    },
    { capture: true },
  )
}

/** Browsers hand over a folder as a file that cannot be read. */
function withoutFolders(items: DataTransferItem[]): File[] {
  const files = items.filter(({ kind }) => kind === 'file')
  const plain = files.filter((item) => !item.webkitGetAsEntry()?.isDirectory)
  if (plain.length < files.length) showNotice(reader.t('attachments.folder'))
  return plain.flatMap((item) => item.getAsFile() ?? [])
}
