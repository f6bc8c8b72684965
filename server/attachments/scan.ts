import { createReadStream } from 'node:fs'
import { config } from '../config.ts'
import { log } from '../log.ts'
import { Problem } from '../web/problem.ts'
import { askClamd, tooLarge } from './clamd.ts'

/**
 * Has a file checked for viruses, where CLAMD_URL says by whom, before anything else reads it.
 * @throws Problem 400 `infected`, 413 when it is larger than the scanner takes, 503 when nobody can check it
 */
export async function scan(path: string, userId: number): Promise<void> {
  if (!config.clamd) return
  const verdict = await verdictOn(path)
  if (verdict === 'clean') return
  if (verdict === 'too large') throw beyondScanner()
  log.warn({ userId, virus: verdict.virus }, 'an infected file was refused')
  throw infected()
}

async function verdictOn(path: string): Promise<'clean' | 'too large' | { virus: string }> {
  try {
    return read(await askClamd('INSTREAM', createReadStream(path)))
  } catch (error) {
    log.error({ err: error }, 'no file can be checked for viruses, and so none is taken')
    throw new Problem(503, 'unavailable', 'Files cannot be checked for viruses right now. Try again later.', {
      retryAfter: 30,
    })
  }
}

/** @throws Error for an answer that says neither */
export function read(answer: string): 'clean' | 'too large' | { virus: string } {
  if (answer === 'stream: OK') return 'clean'
  if (answer === tooLarge) return 'too large'
  const [, virus] = /^stream: (.+) FOUND$/.exec(answer) ?? []
  if (virus) return { virus }
  throw new Error(`clamd at CLAMD_URL says: ${answer}`)
}

const infected = () =>
  new Problem(400, 'infected', 'The file is infected, says the virus scanner.', {
    errors: [{ path: 'file', message: 'is infected' }],
  })
const beyondScanner = () =>
  new Problem(413, 'payload_too_large', 'The file is larger than what the virus scanner takes.')
