export interface Check {
  name: string
  before: number
  after: number
  holds: boolean
}

/** A change to the content of one row of the old tables. */
export interface Note {
  table: 'private_messages' | 'group_message' | 'message_group' | 'message_attachments'
  id: number
  reason: string
}

export class Report {
  outcome: 'moved' | 'dry run' | 'undone' | 'undone in a dry run' | 'stopped' | 'checks failed' | 'failed' =
    'failed'
  /** What was done, in numbers. */
  readonly figures: Record<string, number> = {}
  readonly checks: Check[] = []
  readonly notes: Note[] = []
  /** Why nothing was done. */
  reasons: string[] = []

  count(figure: string, by: number): void {
    this.figures[figure] = (this.figures[figure] ?? 0) + by
  }

  /** Resets the counts when a transaction is retried. */
  restart(): void {
    for (const figure of Object.keys(this.figures)) delete this.figures[figure]
    this.checks.length = 0
    this.notes.length = 0
  }

  get holds(): boolean {
    return this.checks.every((check) => check.holds)
  }
}
