import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { notFound } from '../web/problem.ts'
import { leaveBody } from './leave-body.ts'
import { serve } from './serve.ts'
import { thumbnailOf } from './storage.ts'
import { findAttachment } from './store.ts'
import { upload } from './upload.ts'

export const attachments = Router()

attachments.post('/api/messages/upload', leaveBody)

/** Multipart with one `file`; 201 with the attachment, which belongs to the uploader until a message includes it. */
endpoint(attachments, 'POST /api/messages/upload', { limit: 'upload' }, async ({ user, query, req, res }) => {
  const attachment = await upload(user.id, req, query)
  res.status(201)
  return { attachment }
})

/** The file, for members of its conversation. */
endpoint(attachments, 'GET /api/attachments/:id', { streams: true }, async ({ user, params, req, res }) => {
  const found = await findAttachment(user.id, params.id)
  if (!found) throw notFound()
  await serve(req, res, { name: found.stored_filename, type: found.mime_type, filename: found.filename })
})

/** A WebP of at most 640 × 640; only images have one. */
endpoint(
  attachments,
  'GET /api/attachments/:id/thumbnail',
  { streams: true },
  async ({ user, params, req, res }) => {
    const found = await findAttachment(user.id, params.id)
    if (!found?.has_thumbnail) throw notFound()
    const filename = `${found.filename}.webp`
    await serve(req, res, { name: thumbnailOf(found.stored_filename), type: 'image/webp', filename })
  },
)
