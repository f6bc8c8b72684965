/** What a decoder is asked to make, in the words that cross between the processes. */
export type Task =
  | {
      kind: 'convert'
      /** What the content is, such as `image/heic`. */
      content: string
      from: string
      to: string
      thumbnail: string
    }
  | { kind: 'shrink'; from: string; to: string }

export interface Image {
  /** Of one frame, as it is to be looked at. */
  width: number
  height: number
  /** Bytes. */
  size: number
}

/** `most` is a number of pixels. */
export type Answer =
  | { image: Image }
  | { failure: 'broken' | 'no_room' }
  | { failure: 'too_many_pixels'; most: number }
