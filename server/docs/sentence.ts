/** What the documents say of an endpoint: one line, the rest where it helps, and why it answers 409, if it does. */
export type Sentence = string | { summary: string; description?: string; conflict?: string }
