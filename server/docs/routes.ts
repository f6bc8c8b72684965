import { Router } from 'express'
import { documentFrom } from './documents.ts'
import { file } from './files.ts'
import { page } from './page.ts'

/** The API, described from the schemas that it is checked by. Open to everybody: it contains no secret. */
export const docs = Router()

docs.get('/docs', (_req, res) => res.redirect('/api/docs'))
docs.get('/api/docs', (_req, res) => void res.send(page()))
docs.get('/api/docs/:file', file)

docs.get(
  '/api/openapi.json',
  documentFrom(async () => (await import('./openapi.ts')).openApi()),
)
docs.get(
  '/api/asyncapi.json',
  documentFrom(async () => (await import('./asyncapi.ts')).asyncApi()),
)
