import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import express from 'express'
import { expect, test, vi } from 'vitest'
import { answerProblem, problemOf } from './errors.ts'

test('a Redis that does not answer is away, and will be back', () => {
  const { status, retryAfter } = problemOf(new Error('Command timed out'))
  expect(status).toBe(503)
  expect(retryAfter).toBeGreaterThan(0)
})

test.each([
  ['40P01', 'who lost a deadlock'],
  ['53100', 'who met a full disk'],
])('%s: %s is asked to come again', (code) => {
  const problem = problemOf(Object.assign(new Error('not now'), { code }))
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
