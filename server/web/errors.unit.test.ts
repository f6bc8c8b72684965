import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import express from 'express'
import { expect, test, vi } from 'vitest'
import { answerProblem, problemOf } from './errors.ts'

test.each([
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
  'Command timed out',
])('what says "%s" is away, and will be back', (message) => {
  const { status, retryAfter } = problemOf(new Error(message))
  expect(status).toBe(503)
  expect(retryAfter).toBeGreaterThan(0)
})

test('who lost a deadlock is asked to come again', () => {
  const problem = problemOf(Object.assign(new Error('deadlock detected'), { code: '40P01' }))
  expect(problem.status).toBe(503)
  expect(problem.retryAfter).toBeGreaterThan(0)
})

test.each(['22007', '22008'])('a time that cannot be stored (%s) is the caller’s mistake', (code) => {
  expect(problemOf(Object.assign(new Error('out of range'), { code })).status).toBe(400)
})

test('half an answer is cut off, and its error goes nowhere but to the log', async () => {
  const complaint = vi.spyOn(console, 'error').mockImplementation(() => {})
  const app = express()
  app.set('env', 'production')
  app.get('/', async (_req, res) => {
    res.write('half')
    await setTimeout(20)
    throw new Error('the database went away')
  })
  app.use(answerProblem)
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await expect(answer.text()).rejects.toThrow()
  expect(complaint).not.toHaveBeenCalled()
  server.close()
})
