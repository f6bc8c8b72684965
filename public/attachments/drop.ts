import { tell } from '../notice.ts'
import { reader } from '../page.ts'
import { filesMeant, named } from './pasted.ts'

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
    if (isOpen()) take(withoutFolders([...(event.dataTransfer?.items ?? [])]))
  })
  addEventListener(
    'paste',
    (event) => {
      if (!event.clipboardData || !isOpen()) return
      const files = filesMeant(event.clipboardData)
      if (!files.length || (event.target as Element).closest('dialog')) return
      event.preventDefault()
      event.stopPropagation()
      take(files.map((file) => named(file, reader.t('attachments.image'))))
    },
    { capture: true },
  )
}

/** A browser hands over a folder as a file that cannot be read. */
function withoutFolders(items: DataTransferItem[]): File[] {
  const files = items.filter(({ kind }) => kind === 'file')
  const plain = files.filter((item) => !item.webkitGetAsEntry()?.isDirectory)
  if (plain.length < files.length) tell(reader.t('attachments.folder'))
  return plain.flatMap((item) => item.getAsFile() ?? [])
}
