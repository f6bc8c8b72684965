import { createHash, timingSafeEqual } from 'node:crypto'
import { type Request, type Response, Router } from 'express'
import ipaddr from 'ipaddr.js'
import { config } from '../config.ts'
import { log } from '../log.ts'
import { measuresOfAll } from './all.ts'

export const metrics = Router()

/** What all workers and the jobs process of this service measure, as Prometheus reads it. */
metrics.get('/metrics', async (req, res) => {
  res.set('Cache-Control', 'no-store')
  if (!mayRead(req)) return refuse(res.type('text'))
  try {
    const { AggregatorRegistry } = await import('prom-client')
    const registry = AggregatorRegistry.aggregate(await measuresOfAll())
    res.set('Content-Type', registry.contentType).send(await registry.metrics())
  } catch (err) {
    log.warn({ err }, 'the metrics could not be read')
    res.status(503).type('text').send('The metrics cannot be read right now.\n')
  }
})

/** From this machine, or with the token. */
const mayRead = (req: Request): boolean => isFromHere(req) || hasToken(req)

/** Every proxy on the way, and the client itself: whoever is in a trusted network may claim to be another one. */
const isFromHere = ({ socket, ips, ip, headers }: Request): boolean => {
  const isOfUnknownProxy = ips.length === 0 && ofProxies.some((name) => headers[name] !== undefined)
  return !isOfUnknownProxy && [socket.remoteAddress, ip, ...ips].every((address) => isLoopback(address ?? ''))
}

const ofProxies = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]

const isLoopback = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'

function hasToken(req: Request): boolean {
  const given = /^bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1]
  if (!config.metricsToken || !given) return false
  return timingSafeEqual(digest(given), digest(config.metricsToken))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

function refuse(res: Response): void {
  if (config.metricsToken) res.status(401).set('WWW-Authenticate', 'Bearer')
  else res.status(403)
  res.send('Readable from this machine, or with METRICS_TOKEN as a bearer token.\n')
}
