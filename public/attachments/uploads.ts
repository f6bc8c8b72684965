import type { Attachment } from '../../server/contract/attachments.ts'
import { fileSize } from '../../views/messages/words.ts'
import { page, reader } from '../page.ts'
import { uuid } from '../uuid.ts'
import { unlike } from './pasted.ts'
import { type Failure, send } from './send.ts'

export interface Upload {
  key: string
  name: string
  size: number
  state: 'waiting' | 'sending' | 'done' | 'failed'
  progress: number
  /** What it looks like, of a picture. */
  picture?: string | undefined
  file?: File
  attachment?: Attachment
  problem?: Failure
  limit?: string
  /** Whether trying again may help. */
  again?: boolean
  abort?: () => void
}

/** The files of one conversation's composer. They go on uploading while another conversation is looked at. */
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

  get failed(): boolean {
    return this.items.some(({ state }) => state === 'failed')
  }

  add(files: File[]): void {
    for (const file of files) {
      const names = this.items.map(({ name }) => name)
      this.items.push(begun(file, unlike(file.name, names)))
    }
    this.#go()
  }

  /** Takes in what is uploaded already. */
  restore(attachments: Attachment[]): void {
    this.items.push(...attachments.map(uploaded))
    this.onChange()
  }

  retry(key: string): void {
    const item = this.#find(key)
    if (!item?.file || item.state !== 'failed') return
    delete item.problem
    item.state = 'waiting'
    this.#go()
  }

  remove(key: string): void {
    const item = this.#find(key)
    if (!item) return
    item.abort?.()
    forget(item)
    this.items = this.items.filter((each) => each !== item)
    this.#go()
  }

  clear(): void {
    for (const item of this.items) forget(item)
    this.items = []
    this.onChange()
  }

  #find(key: string): Upload | undefined {
    return this.items.find((item) => item.key === key)
  }

  /** One after another, so that they stay in the order they were chosen in. */
  #go(): void {
    const going = this.items.some(({ state }) => state === 'sending')
    const next = this.items.find(({ state }) => state === 'waiting')
    if (next && !going) void this.#send(next)
    this.onChange()
  }

  async #send(item: Upload): Promise<void> {
    const { answer, abort } = send(item.file!, item.name, page.uploadMost, (progress) => {
      item.progress = progress
      this.onChange()
    })
    Object.assign(item, { state: 'sending', progress: 0, abort })
    const sent = await answer
    if (typeof sent === 'object') Object.assign(item, taken(item, sent))
    else Object.assign(item, failed(sent))
    if (this.#find(item.key)) this.#go()
  }
}

/** Named as it was taken, with what it looks like where the browser could not show it. */
const taken = (item: Upload, attachment: Attachment): Partial<Upload> => ({
  state: 'done',
  attachment,
  name: attachment.filename,
  picture: item.picture ?? attachment.thumbnail_url ?? undefined,
})

const failed = (problem: Failure): Partial<Upload> => ({
  state: 'failed',
  problem,
  limit: fileSize(problem === 'over_quota' ? page.uploadQuota : page.uploadMost, reader.locale),
  again: problem === 'offline' || problem === 'busy',
})

function begun(file: File, name: string): Upload {
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
  return file.size > page.uploadMost ? { ...item, ...failed('too_large') } : item
}

function uploaded(attachment: Attachment): Upload {
  const { id, filename: name, size_bytes: size, thumbnail_url } = attachment
  const picture = thumbnail_url ?? undefined
  return { key: `a-${id}`, name, size, state: 'done', progress: 1, picture, attachment }
}

function forget({ picture }: Upload): void {
  if (picture?.startsWith('blob:')) URL.revokeObjectURL(picture)
}
