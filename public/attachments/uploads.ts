import type { Attachment } from '../../server/contract/attachments.ts'
import { fileSize } from '../../views/messages/words.ts'
import { page, reader } from '../page.ts'
import { uuid } from '../uuid.ts'
import { uniqueName } from './pasted.ts'
import { type Failure, send } from './send.ts'

export interface Upload {
  key: string
  name: string
  size: number
  state: 'waiting' | 'sending' | 'done' | 'failed'
  progress: number
  /** URL of a thumbnail. */
  picture?: string | undefined
  file?: File
  attachment?: Attachment
  problem?: Failure
  limit?: string
  canRetry?: boolean
  abort?: () => void
}

/** The files of one conversation's composer. They keep uploading while another conversation is open. */
export class Uploads {
  items: Upload[]
  onChange: () => void = () => {}

  constructor(attachments: Attachment[] = []) {
    this.items = attachments.map(uploaded)
    addEventListener('online', () => {
      for (const { key, problem } of this.items) if (problem === 'offline') this.retry(key)
    })
  }

  get done(): Attachment[] {
    return this.items.flatMap((item) => item.attachment ?? [])
  }

  get busy(): boolean {
    return this.items.some(({ state }) => state === 'sending' || state === 'waiting')
  }

  /** They go on by themselves. */
  get isOffline(): boolean {
    return this.items.some(({ problem }) => problem === 'offline')
  }

  get failed(): boolean {
    return this.items.some(({ state }) => state === 'failed')
  }

  add(files: File[]): void {
    for (const file of files) {
      const names = this.items.map(({ name }) => name)
      this.items.push(newUpload(file, uniqueName(file.name, names)))
    }
    this.#startNext()
  }

  restore(attachments: Attachment[]): void {
    this.items.push(...attachments.map(uploaded))
    this.onChange()
  }

  retry(key: string): void {
    const item = this.#find(key)
    if (!item?.file || item.state !== 'failed') return
    delete item.problem
    item.state = 'waiting'
    this.#startNext()
  }

  remove(key: string): void {
    const item = this.#find(key)
    if (!item) return
    item.abort?.()
    forget(item)
    this.items = this.items.filter((each) => each !== item)
    this.#startNext()
  }

  clear(): void {
    for (const item of this.items) forget(item)
    this.items = []
    this.onChange()
  }

  #find(key: string): Upload | undefined {
    return this.items.find((item) => item.key === key)
  }

  /** One at a time, so that they stay in the order they were chosen in. */
  #startNext(): void {
    const isSending = this.items.some(({ state }) => state === 'sending')
    const next = this.items.find(({ state }) => state === 'waiting')
    if (next && !isSending) void this.#send(next)
    this.onChange()
  }

  async #send(item: Upload): Promise<void> {
    const { answer, abort } = send(item.file!, item.name, page.maxUploadBytes, (progress) => {
      item.progress = progress
      this.onChange()
    })
    Object.assign(item, { state: 'sending', progress: 0, abort })
    const sent = await answer
    if (typeof sent === 'object') Object.assign(item, taken(item, sent))
    else Object.assign(item, failed(sent))
    if (this.#find(item.key)) this.#startNext()
  }
}

/** With the server's name, and its thumbnail where the browser could not make one. */
const taken = (item: Upload, attachment: Attachment): Partial<Upload> => ({
  state: 'done',
  attachment,
  name: attachment.filename,
  picture: item.picture ?? attachment.thumbnail_url ?? undefined,
})

const failed = (problem: Failure): Partial<Upload> => ({
  state: 'failed',
  problem,
  limit: fileSize(problem === 'over_quota' ? page.uploadQuotaBytes : page.maxUploadBytes, reader.locale),
  canRetry: problem === 'offline' || problem === 'busy',
})

function newUpload(file: File, name: string): Upload {
  const picture = /^image\/(png|jpeg|gif|webp|avif)$/.test(file.type) ? URL.createObjectURL(file) : undefined
  const item: Upload = {
    key: uuid(),
    name,
    size: file.size,
    state: 'waiting',
    progress: 0,
    picture,
    file,
  }
  if (file.size === 0) return { ...item, ...failed('empty') }
  return file.size > page.maxUploadBytes ? { ...item, ...failed('too_large') } : item
}

function uploaded(attachment: Attachment): Upload {
  const { id, filename: name, size_bytes: size, thumbnail_url } = attachment
  const picture = thumbnail_url ?? undefined
  return { key: `a-${id}`, name, size, state: 'done', progress: 1, picture, attachment }
}

function forget({ picture }: Upload): void {
  if (picture?.startsWith('blob:')) URL.revokeObjectURL(picture)
}
