import type { RequestHandler } from 'express'
import { config } from '../config.ts'

/** Where browsers say what a policy has forbidden. */
export const reportsPath = '/api/csp-reports'

const policyOf = (sources: Record<string, string>): string =>
  Object.entries(sources)
    .map(([directive, allowed]) => `${directive} ${allowed}`)
    .join('; ')

/** Nothing, from nowhere, in nobody's frame. */
const nothing = {
  'default-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

/** Without TLS a browser that knows `report-to` would report to nobody. */
const isSecure = config.baseUrl.startsWith('https:')

/** No inline script or style, no eval, nothing from other origins. */
const forPages = policyOf({
  ...nothing,
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data: blob:",
  'media-src': "'self'",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'worker-src': "'self'",
  'form-action': "'self'",
  'report-uri': reportsPath,
  ...(isSecure && { 'report-to': 'csp' }),
})
/** Of what is no page, and may do nothing if a browser opens it as one. */
export const forData = policyOf(nothing)

const isData = /^\/api\/(?!docs(?:\/|$))/

/** Of what no page needs; a voice message needs the microphone. */
const permissions = [
  'accelerometer',
  'bluetooth',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'midi',
  'payment',
  'serial',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ')

const always = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}
const ofPages = {
  ...always,
  'Content-Security-Policy': forPages,
  ...(isSecure && { 'Reporting-Endpoints': `csp="${reportsPath}"` }),
  'Permissions-Policy': `${permissions}, microphone=(self)`,
}
const ofData = { ...always, 'Content-Security-Policy': forData }

/** What a browser may do with an answer, as little as there can be; and no caching of answers. */
export const securityHeaders: RequestHandler = (req, res, next) => {
  res.set(isData.test(req.path) ? ofData : ofPages)
  next()
}
