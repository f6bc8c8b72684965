/** As much of what is pasted as is asked here. */
type Pasted = Pick<DataTransfer, 'types' | 'getData'> & { files: ArrayLike<File> }

/**
 * The files that somebody means by pasting. Word, Excel and LibreOffice put a picture of the text beside the text,
 * and the text is meant; a file manager puts a file's name beside the file, a browser an address beside a picture.
 */
export function filesMeant(pasted: Pasted): File[] {
  const files = Array.from(pasted.files)
  const isFormatted = pasted.types.includes('text/html') || pasted.types.includes('text/rtf')
  const isText = isFormatted && pasted.getData('text/plain').trim() !== ''
  return isText && files.every(({ type }) => type.startsWith('image/')) ? [] : files
}

const unnamed = /^image\.([a-z]+)$/i

/** What a browser calls every picture that it is pasted without a name, is called by the moment: `obraz 2026-11-25 14.03.12.png`. */
export function named(file: File, word: string, now = new Date()): File {
  const [, extension] = unnamed.exec(file.name) ?? []
  if (!extension) return file
  const two = (number: number) => `${number}`.padStart(2, '0')
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-')
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('.')
  return new File([file], `${word} ${day} ${time}.${extension.toLowerCase()}`, { type: file.type })
}

/** A name that no other has: `zdjęcie (2).jpg`. */
export function unlike(name: string, others: readonly string[]): string {
  if (!others.includes(name)) return name
  const [, base, extension] = /^(.+?)((?:\.\w{1,10})?)$/s.exec(name) ?? ['', name, '']
  for (let n = 2; ; n++) {
    const next = `${base} (${n})${extension}`
    if (!others.includes(next)) return next
  }
}
