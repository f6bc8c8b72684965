import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Request } from 'express'
import { config } from '../config.ts'
import type { Attachment, UploadQuery } from '../contract/attachments.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { convertImage } from '../images/images.ts'
import { Problem } from '../web/problem.ts'
import { isAudio, isImage } from './kind.ts'
import { kindOf } from './kinds.ts'
import { cleanName } from './names.ts'
import { receiveFile } from './receive.ts'
import { removeFile } from './remove.ts'
import { scan } from './scan.ts'
import { isDiskFull, storage, thumbnailOf, uploadsFolder } from './storage.ts'
import { bytesOf, type Shown, toAttachment } from './store.ts'

const quota = config.uploadQuotaBytes

interface NewAttachment extends Row<'message_attachments', Shown | 'stored_filename'> {
  uploader_id: number
}

/**
 * Stores an uploaded file until a message includes it.
 * @throws Problem 400, 413, 415, or 503 when the disk is full or nobody can check it for viruses; nothing is left behind then
 */
export async function upload(userId: number, req: Request, sound: UploadQuery = {}): Promise<Attachment> {
  // A folder for each upload, so that one removal cleans up everything.
  const folder = join(uploadsFolder, randomUUID())
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await receive(userId, req, folder, sound)
  } catch (error) {
    throw isDiskFull(error) ? noRoom() : error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function receive(
  userId: number,
  req: Request,
  folder: string,
  sound: UploadQuery,
): Promise<Attachment> {
  const [sent, converted, thumbnail] = ['sent', 'converted', 'thumbnail'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  const { filename, size } = await receiveFile(req, sent)
  if ((await bytesOf(userId)) + size > quota) throw overQuota()
  await scan(sent, userId)
  const kind = await kindOf(sent, filename)
  const image = isImage(kind)
    ? await convertImage(userId, kind.content ?? kind.mime, sent, converted, thumbnail)
    : undefined
  const stored_filename = randomUUID()
  try {
    await storage.put(image ? converted : sent, stored_filename)
    if (image) await storage.put(thumbnail, thumbnailOf(stored_filename))
    const attachment = await insertAttachment({
      uploader_id: userId,
      filename: cleanName(filename, kind),
      stored_filename,
      mime_type: kind.mime,
      file_size: image?.size ?? size,
      width: image?.width ?? null,
      height: image?.height ?? null,
      duration_ms: (isAudio(kind) && sound.duration_ms) || null,
      waveform: (isAudio(kind) && sound.waveform) || null,
    })
    if (attachment) return attachment
    throw overQuota()
  } catch (error) {
    await removeFile(stored_filename)
    throw error
  }
}

/** An attachment that waits to be sent; none when its uploader's files would exceed the quota together. */
function insertAttachment(attachment: NewAttachment): Promise<Attachment | undefined> {
  return sql.begin(async (tx) => {
    // Of several at once each counts those before it.
    await tx`select from users where id = ${attachment.uploader_id} for no key update`
    if ((await bytesOf(attachment.uploader_id, tx)) + attachment.file_size > quota) return undefined
    const [row] = await tx<Row<'message_attachments', 'id'>[]>`
      insert into message_attachments (uploader_id, filename, stored_filename, mime_type, file_size, width, height,
        duration_ms, waveform)
      values (${attachment.uploader_id}, ${attachment.filename}, ${attachment.stored_filename}, ${attachment.mime_type},
        ${attachment.file_size}, ${attachment.width}, ${attachment.height}, ${attachment.duration_ms},
        ${attachment.waveform}::int[])
      returning id`
    return toAttachment({ id: row!.id, ...attachment })
  })
}

const noRoom = () =>
  new Problem(503, 'unavailable', 'There is no space for another file right now.', { retryAfter: 60 })

const overQuota = () =>
  new Problem(
    413,
    'payload_too_large',
    `Your files can have at most ${quota} bytes in total. Delete messages with files that are no longer needed.`,
  )
