/** The result of a check, and what to do about it. */
export interface Finding {
  level: 'ok' | 'warn' | 'fail'
  what: string
  says: string
  /** Missing when all is well. */
  advice?: string
}

export const ok = (what: string, says: string): Finding => ({ level: 'ok', what, says })
export const warn = (what: string, says: string, advice: string): Finding => ({
  level: 'warn',
  what,
  says,
  advice,
})
export const fail = (what: string, says: string, advice: string): Finding => ({
  level: 'fail',
  what,
  says,
  advice,
})

/** Runs a check whose error is a finding itself. */
export async function attempt(
  what: string,
  advice: string,
  check: () => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await check()
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    return [fail(what, message || String(code), advice)]
  }
}
