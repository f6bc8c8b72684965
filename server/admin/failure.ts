/** Ends a command with one line that says what to do; `code` is its exit code: 1, or 2 when it was used wrongly. */
export class Failure extends Error {
  readonly code: 1 | 2

  constructor(message: string, code: 1 | 2 = 1) {
    super(message)
    this.code = code
  }
}

export const wrongUse = (message: string) => new Failure(message, 2)
