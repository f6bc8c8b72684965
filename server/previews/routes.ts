import { Router } from 'express'
import { z } from 'zod'
import { serve } from '../attachments/serve.ts'
import { endpoint } from '../web/endpoint.ts'
import { ById } from '../web/params.ts'
import { notFound } from '../web/problem.ts'
import { pictures } from './pictures.ts'
import { removePreview } from './remove.ts'
import { maySeePicture } from './store.ts'

export const previews = Router()

const ByName = z.object({ name: z.uuid() })

/** A preview's picture, a WebP of at most 640 × 640, to members of a conversation in which it is shown. */
endpoint(
  previews,
  'get',
  '/api/previews/:name',
  { streams: true, params: ByName },
  async ({ user, params, req, res }) => {
    if (!(await maySeePicture(user.id, `/api/previews/${params.name}`))) throw notFound()
    await serve(req, res, { name: params.name, type: 'image/webp', filename: 'preview.webp' }, pictures)
  },
)

/** Of one's own message, for good. */
endpoint(previews, 'delete', '/api/messages/:id/preview', { params: ById }, ({ user, params }) =>
  removePreview(user.id, params.id),
)
