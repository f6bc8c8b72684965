/** The type of a file, by its content. */
export interface Kind {
  /** The type it is stored as. */
  mime: string
  /** The extensions its name may have, the usual one first. */
  extensions: readonly string[]
  /** The type an image was sent as, where that differs. */
  content?: string
  /** Extensions of the sent type, to be replaced. */
  replaced?: readonly string[]
}

export const isAudio = ({ mime }: Kind) => mime.startsWith('audio/')
export const isImage = ({ mime }: Kind) => mime.startsWith('image/')
