import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { config } from '../config.ts'

/** In which it has to answer, whatever the size of the file. */
const maxAnswerMs = 60_000
/** Its answers are lines. */
const maxAnswerCharacters = 4096

const hangingUp = new Set(['EPIPE', 'ECONNRESET'])
/** As it says so itself. */
export const tooLarge = 'INSTREAM size limit exceeded. ERROR'

/** @throws Error when it is away, or answers with nonsense; it names CLAMD_URL */
export async function askClamd(command: 'VERSION'): Promise<string>
/** @param content what is to be looked at */
export async function askClamd(command: 'INSTREAM', content: AsyncIterable<Buffer>): Promise<string>
export async function askClamd(command: string, content?: AsyncIterable<Buffer>): Promise<string> {
  try {
    return await ask(command, content)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (!content || !hangingUp.has(code)) throw new Error(`clamd at CLAMD_URL: ${message}`, { cause: error })
    // What it says before it hangs up in the middle of a file is lost when more was being written. If it is well, it was
    // that the file is too large.
    await askClamd('VERSION')
    return tooLarge
  }
}

async function ask(command: string, content?: AsyncIterable<Buffer>): Promise<string> {
  const socket = connect(config.clamd!)
  const late = setTimeout(
    () => socket.destroy(new Error(`no answer within ${maxAnswerMs / 1000} s`)),
    maxAnswerMs,
  )
  try {
    const answer = answerOf(socket)
    // It may answer, and hang up, before everything is written: what is too large, for instance.
    const written = pipeline(Readable.from(frames(command, content)), socket, { end: false }).catch(() => {})
    return await Promise.race([answer, written.then(() => answer)])
  } finally {
    clearTimeout(late)
    socket.destroy()
  }
}

/** Commands end with a NUL; each piece of a stream begins with its length, and one without any ends it. */
async function* frames(command: string, content?: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from(`z${command}\0`)
  if (!content) return
  for await (const piece of content) {
    yield lengthOf(piece.length)
    yield piece
  }
  yield lengthOf(0)
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes)
  return length
}

async function answerOf(socket: Socket): Promise<string> {
  let answer = ''
  socket.on('data', (piece) => {
    answer += piece
    if (answer.includes('\0') || answer.length > maxAnswerCharacters) socket.destroy()
  })
  await once(socket, 'close')
  if (!answer.endsWith('\0')) throw new Error('it hung up without an answer')
  return answer.slice(0, -1).trim()
}
