/** What a file is, by its content. */
export interface Kind {
  /** As what it is kept. */
  mime: string
  /** Those a name may end with, the usual one first. */
  extensions: readonly string[]
  /** What an image is as it came, where that differs from what it is kept as. */
  content?: string
  /** Those a name ends with that what it is kept as has not. */
  replaced?: readonly string[]
}

export const isImage = ({ mime }: Kind) => mime.startsWith('image/')
