import { Router } from 'express'
import { serve } from '../attachments/serve.ts'
import { pictures } from '../messages/link-preview.ts'
import { endpoint } from '../web/endpoint.ts'
import { notFound } from '../web/problem.ts'
import { removePreview } from './remove.ts'
import { maySeePicture } from './store.ts'

export const previews = Router()

/** A preview's picture, a WebP of at most 640 × 640, for members of a conversation in which it is shown. */
endpoint(previews, 'GET /api/previews/:name', { streams: true }, async ({ user, params, req, res }) => {
  if (!(await maySeePicture(user.id, `/api/previews/${params.name}`))) throw notFound()
  await serve(req, res, { name: params.name, type: 'image/webp', filename: 'preview.webp' }, pictures)
})

/** For the sender of the message; permanent. */
endpoint(previews, 'DELETE /api/messages/:id/preview', {}, ({ user, params }) =>
  removePreview(user.id, params.id),
)
