type Pasted = Pick<DataTransfer, 'types' | 'getData'> & { files: ArrayLike<File> }

/**
 * The files to attach. Word, Excel and LibreOffice add a picture of the text to the text, which is what is wanted then;
 * a file manager adds a file's name to the file, a browser an address to a picture, and the file is wanted.
 */
export function pastedFiles(pasted: Pasted): File[] {
  const files = Array.from(pasted.files)
  const isFormatted = pasted.types.includes('text/html') || pasted.types.includes('text/rtf')
  const isText = isFormatted && pasted.getData('text/plain').trim() !== ''
  return isText && files.every(({ type }) => type.startsWith('image/')) ? [] : files
}

const unnamed = /^image\.([a-z]+)$/i

/** Browsers call every nameless pasted picture `image.png`; it gets the time instead: `obraz 2026-11-25 14.03.12.png`. */
export function withTimestampName(file: File, word: string, now = new Date()): File {
  const [, extension] = unnamed.exec(file.name) ?? []
  if (!extension) return file
  const twoDigits = (number: number) => `${number}`.padStart(2, '0')
  const day = [now.getFullYear(), twoDigits(now.getMonth() + 1), twoDigits(now.getDate())].join('-')
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(twoDigits).join('.')
  return new File([file], `${word} ${day} ${time}.${extension.toLowerCase()}`, { type: file.type })
}

/** `zdjęcie (2).jpg` when there is a `zdjęcie.jpg`. */
export function uniqueName(name: string, others: readonly string[]): string {
  if (!others.includes(name)) return name
  const [, base, extension] = /^(.+?)((?:\.\w{1,10})?)$/s.exec(name) ?? ['', name, '']
  for (let n = 2; ; n++) {
    const next = `${base} (${n})${extension}`
    if (!others.includes(next)) return next
  }
}
