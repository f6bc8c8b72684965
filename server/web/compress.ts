import { randomBytes, randomInt } from 'node:crypto'
import compression from 'compression'
import type { RequestHandler } from 'express'

const maxPaddingBytes = 96

const isAskedByUs = (site = 'none') => site === 'none' || site === 'same-origin'
const isOurs = /^(text\/html|application\/(problem\+)?json)\b/

/**
 * Compresses pages and JSON. Answers hold what others wrote beside words of a stranger's choosing, and a compressed
 * length tells how alike the two are (BREACH): so what another site makes a browser ask for stays plain, a sibling
 * subdomain's as well, and every length is padded by chance.
 */
export const compress: RequestHandler[] = [
  compression({
    filter: (req, res) =>
      isAskedByUs(req.get('sec-fetch-site')) && isOurs.test(String(res.getHeader('Content-Type'))),
  }),
  (req, res, next) => {
    if (req.headers['accept-encoding'])
      res.set(
        'X-Padding',
        randomBytes(maxPaddingBytes).toString('base64url').slice(randomInt(maxPaddingBytes)),
      )
    next()
  },
]
