import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { searchMessages } from './search.ts'

export const search = Router()

/** The newest messages with all of these words. */
endpoint(search, 'GET /api/search', { limit: 'search' }, ({ user, query }) => searchMessages(user.id, query))
