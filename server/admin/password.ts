import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { limits } from '../contract/limits.ts'
import { wrongUse } from '../terminal/stop.ts'

const { passwordMinCharacters: min, passwordMaxCharacters: max } = limits

/**
 * A new password: asked for twice at a terminal, else all of standard input. Never from the command line, which other
 * users of the machine see.
 * @throws Stop
 */
export async function readPassword(): Promise<string> {
  const password = process.stdin.isTTY ? await askTwice() : (await text(process.stdin)).replace(/\r?\n$/, '')
  if ([...password].length < min || password.length > max || /[\0\r\n]/.test(password))
    throw wrongUse(`a password has ${min} to ${max} characters, in one line on standard input`)
  return password
}

async function askTwice(): Promise<string> {
  const password = await ask('New password: ')
  if (password !== (await ask('Once more: '))) throw wrongUse('the two passwords differ')
  return password
}

/** What is typed is not shown. */
function ask(question: string): Promise<string> {
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => {
      lines.close()
      reject(wrongUse('given up'))
    })
    lines.question('', (answer) => {
      lines.close()
      process.stderr.write('\n')
      resolve(answer)
    })
  })
}
