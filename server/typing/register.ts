export interface Typist {
  conversationId: number
  userId: number
}

/** Who is typing where, shared by all workers. */
export interface TypingRegister {
  /**
   * They type for so many ms, or longer when an earlier call said so: they may write on two devices.
   * @returns whether to publish it: not again within a second
   */
  start(typist: Typist, lastsMs: number): Promise<boolean>
  /** @returns whether they were typing */
  stop(typist: Typist): Promise<boolean>
  /**
   * Takes those who have stopped by themselves; each is given to one caller.
   * @returns also how long to wait for the next one, in ms; undefined when no one types
   */
  sweep(): Promise<Stopped>
  /** Those of these users, one at least, who are typing there now. */
  typistsAmong(conversationId: number, userIds: readonly number[]): Promise<number[]>
}

export interface Stopped {
  stopped: Typist[]
  next: number | undefined
}
