import type { Attachment } from '../../server/contract/attachments.ts'
import type { Problem } from '../../server/contract/problem.ts'
import { leaveToSignIn } from '../http.ts'
import { soundQuery } from './sound.ts'

/** Why an upload failed; each has its text in `attachments.…`. */
export type Failure =
  | 'too_large'
  | 'too_many_pixels'
  | 'over_quota'
  | 'empty'
  | 'unreadable'
  | 'wrong_kind'
  | 'infected'
  | 'refused'
  | 'offline'
  | 'busy'

/** By XMLHttpRequest, because `fetch` reports no upload progress. @param progress gets 0 to 1 */
export function send(
  file: File,
  name: string,
  maxBytes: number,
  progress: (share: number) => void,
): { answer: Promise<Attachment | Failure>; abort: () => void } {
  const request = new XMLHttpRequest()
  let isAborted = false
  const answered = new Promise<void>((resolve) => {
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0)
    for (const event of ['load', 'error', 'timeout']) request.addEventListener(event, () => resolve())
  })
  async function exchange(): Promise<Attachment | Failure> {
    if (!(await isReadable(file)) || isAborted) return 'unreadable'
    request.send(body)
    await answered
    if (request.status === 201) return read<{ attachment: Attachment }>(request)!.attachment
    // A file that changes while it is read fails the request just as a lost network does.
    if (request.status === 0 && !(await isReadable(file))) return 'unreadable'
    return failureOf(request.status, file.size <= maxBytes, read<Problem>(request))
  }
  const body = new FormData()
  body.append('file', file, name)
  request.open('POST', `/api/messages/upload${soundQuery(file)}`)
  request.setRequestHeader('Accept', 'application/json')
  const abort = () => {
    isAborted = true
    request.abort()
  }
  return { answer: exchange(), abort }
}

/** False for a file that was removed, changed or locked since it was chosen, and for a folder. */
const isReadable = (file: File): Promise<boolean> =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    )

function read<Body>(request: XMLHttpRequest): Body | undefined {
  try {
    return JSON.parse(request.responseText)
  } catch {
    return undefined
  }
}

function failureOf(status: number, fits: boolean, problem: Problem | undefined): Failure {
  if (status === 401) leaveToSignIn()
  if (status === 413 && problem?.errors) return 'too_many_pixels'
  if (status === 413) return fits ? 'over_quota' : 'too_large'
  if (problem?.code === 'infected') return 'infected'
  if (status === 415) return 'wrong_kind'
  if (status === 429 || status === 401 || status >= 500) return 'busy'
  return status ? 'refused' : 'offline'
}
