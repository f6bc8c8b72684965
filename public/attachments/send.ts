import type { Attachment } from '../../server/live/events.ts'
import { leaveToSignIn } from '../api.ts'

/** Why a file was not taken; each has its text. */
export type Failure = 'too_large' | 'wrong_kind' | 'refused' | 'offline' | 'busy'

/** Uploads a file; `fetch` cannot tell how far it is. */
export function send(
  file: File,
  progress: (share: number) => void,
): { answer: Promise<Attachment | Failure>; abort: () => void } {
  const request = new XMLHttpRequest()
  const answer = new Promise<Attachment | Failure>((resolve) => {
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0)
    request.onload = () => resolve(request.status === 201 ? read(request) : failureOf(request.status))
    request.onerror = () => resolve('offline')
    request.ontimeout = () => resolve('offline')
  })
  const body = new FormData()
  body.append('file', file, file.name)
  request.open('POST', '/api/messages/upload')
  request.setRequestHeader('Accept', 'application/json')
  request.send(body)
  return { answer, abort: () => request.abort() }
}

function read(request: XMLHttpRequest): Attachment {
  return (JSON.parse(request.responseText) as { attachment: Attachment }).attachment
}

export function failureOf(status: number): Failure {
  if (status === 401) leaveToSignIn()
  if (status === 413) return 'too_large'
  if (status === 415) return 'wrong_kind'
  if (status === 429 || status === 401 || status >= 500) return 'busy'
  return status ? 'refused' : 'offline'
}
