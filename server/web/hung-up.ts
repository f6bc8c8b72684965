/** For an answer that is sent piece by piece: its reader may hang up half-way, which is no error of ours. */
export function unlessHungUp(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
}
