/** Numbers of the advisory locks in the database: each is of one purpose alone. */
export const locks = {
  /** One process migrates at a time. */
  migration: 0x526f7a6d,
  /** One process runs the jobs; docs/operate.md asks who. */
  jobs: 0x526f7a6e,
  /** One backup is made at a time. */
  backup: 0x526f7a6f,
  /** No word is learned of what is deleted at the same moment; drizzle/ has the number, too. */
  vocabulary: 0x526f7a76,
} as const
