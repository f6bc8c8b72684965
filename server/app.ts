import express, { type Express } from 'express'
import { identify } from './accounts/identify.ts'
import { accounts } from './accounts/routes.ts'
import { attachments } from './attachments/routes.ts'
import { messengerCore } from './clients/messenger-core/routes.ts'
import { messengerCoreSocket } from './clients/messenger-core/socket.ts'
import { nodus } from './clients/nodus/routes.ts'
import { nodusSocket } from './clients/nodus/socket.ts'
import { presenceClient } from './clients/presence/routes.ts'
import { presenceSocket } from './clients/presence/socket.ts'
import { config } from './config.ts'
import { conversations } from './conversations/routes.ts'
import { docs } from './docs/routes.ts'
import { drafts } from './drafts/routes.ts'
import type { Live } from './live/live.ts'
import { streamRoutes } from './live/routes.ts'
import { messages } from './messages/routes.ts'
import { metrics } from './metrics/metrics.ts'
import { mailLinks } from './notifications/routes.ts'
import { pages } from './pages/routes.ts'
import { pins } from './pins/routes.ts'
import { polls } from './polls/routes.ts'
import { touch } from './presence/activity.ts'
import { presence } from './presence/routes.ts'
import { previews } from './previews/routes.ts'
import { push } from './push/routes.ts'
import { reactions } from './reactions/routes.ts'
import { scheduled } from './scheduled/routes.ts'
import { search } from './search/routes.ts'
import { shared } from './shared/routes.ts'
import { stars } from './stars/routes.ts'
import { typing } from './typing/routes.ts'
import { assetsRouter } from './web/assets.ts'
import { compress } from './web/compress.ts'
import { cspReports } from './web/csp-reports.ts'
import { answerProblem, notFoundHandler } from './web/errors.ts'
import { health } from './web/health.ts'
import { install } from './web/install.ts'
import { requestId } from './web/request-id.ts'
import { sameSite } from './web/same-site.ts'
import { securityHeaders } from './web/security-headers.ts'
import { timed } from './web/timed.ts'

/** What a request meets, top to bottom: the site map. */
export function createApp(live: Live): Express {
  const app = express()
  app.disable('x-powered-by')
  // No answer is stored; files have tags of their own.
  app.disable('etag')
  app.set('trust proxy', config.trustedProxies)
  app.set('query parser', 'simple')

  app.use(requestId)
  app.use(timed)
  app.use(securityHeaders)
  app.use(health)
  app.use(metrics)
  app.use(assetsRouter)
  app.use(install)
  app.use(docs)
  app.use(mailLinks)
  app.use(cspReports)
  app.use(sameSite)
  app.use(identify, touch)

  app.use(express.json({ limit: '256kb', strict: false }))
  // Before accounts, whose /api/users/:id is the wider address.
  app.use(presence)
  app.use(accounts)
  app.use(streamRoutes(live))
  // After the streams, whose every event is to leave at once.
  app.use(compress)
  app.use(conversations)
  app.use(scheduled)
  app.use(messages)
  app.use(drafts)
  app.use(reactions)
  app.use(pins)
  app.use(polls)
  app.use(stars)
  app.use(attachments)
  app.use(previews)
  app.use(typing)
  app.use(push)
  app.use(search)
  app.use(shared)
  app.use(messengerCore)
  app.use(messengerCoreSocket(live))
  // Before nodus, whose /api/v1/presence/:user_id is the wider address.
  app.use(presenceClient)
  app.use(presenceSocket(live))
  app.use(nodus)
  app.use(nodusSocket(live))
  app.use('/api', notFoundHandler)

  app.use(express.urlencoded({ extended: false, limit: '256kb' }))
  app.use(pages)
  app.use(answerProblem)
  return app
}
