import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { limits } from '../contract/limits.ts'
import { usageError } from '../terminal/stop.ts'

const { passwordMinCharacters: min, passwordMaxCharacters: max } = limits

/**
 * Reads a new password: twice from a terminal, else from standard input. Never from the command line, which other users
 * of the machine can see.
 * @throws Stop
 */
export async function readPassword(): Promise<string> {
  const password = process.stdin.isTTY ? await askTwice() : (await text(process.stdin)).replace(/\r?\n$/, '')
  if ([...password].length < min || password.length > max || /[\0\r\n]/.test(password))
    throw usageError(`a password must have ${min} to ${max} characters, in one line on standard input`)
  return password
}

async function askTwice(): Promise<string> {
  const password = await ask('New password: ')
  if (password !== (await ask('Repeat it: '))) throw usageError('the two passwords differ')
  return password
}

/** Without echo. */
function ask(question: string): Promise<string> {
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => {
      lines.close()
      reject(usageError('cancelled'))
    })
    lines.question('', (answer) => {
      lines.close()
      process.stderr.write('\n')
      resolve(answer)
    })
  })
}
