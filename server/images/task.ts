/** A decoder's task, as sent between the processes. */
export type Task =
  | {
      kind: 'convert'
      /** The MIME type, such as `image/heic`. */
      content: string
      from: string
      to: string
      thumbnail: string
    }
  | { kind: 'shrink'; from: string; to: string }

export interface Image {
  /** The size of a frame, as displayed. */
  width: number
  height: number
  /** Bytes. */
  size: number
}

export type Answer =
  | { image: Image }
  | { failure: 'broken' | 'no_room' }
  | { failure: 'too_many_pixels'; maxPixels: number }
