import { Router } from 'express'

export const health = Router()

const checks = new Map<string, () => Promise<unknown>>()

/** What `/readyz` checks besides the process itself. */
export const addHealthCheck = (name: string, check: () => Promise<unknown>) => void checks.set(name, check)

/** The process lives; `/health` to those who know it from a sister system. */
health.get(['/healthz', '/health'], (_req, res) => void res.json({ status: 'ok' }))

/** Everything it depends on answers too, within 2 s. */
health.get('/readyz', async (_req, res) => {
  const answers = await Promise.all(
    [...checks].map(async ([name, check]) => [name, await succeeds(check())] as const),
  )
  const ready = answers.every(([, ok]) => ok)
  res
    .status(ready ? 200 : 503)
    .json(Object.fromEntries(answers.map(([name, ok]) => [name, ok ? 'ok' : 'away'])))
})

/** False also when there is no answer within two seconds. */
const succeeds = (check: Promise<unknown>) =>
  Promise.race([
    check.then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((resolve) => setTimeout(resolve, 2000, false).unref()),
  ])
