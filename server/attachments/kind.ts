/** What a file is, by its content. */
export interface Kind {
  mime: string
  /** Those a name may end with, the usual one first. */
  extensions: readonly string[]
}

export const isImage = ({ mime }: Kind) => mime.startsWith('image/')
