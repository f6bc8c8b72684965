/** For streamed answers: a client that hangs up half-way is not an error. */
export function unlessHungUp(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
}
