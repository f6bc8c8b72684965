import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import express from 'express'
import { expect, test, vi } from 'vitest'
import { answerProblem, problemOf } from './errors.ts'
import { invalid } from './problem.ts'

test.each<[says: object, why: string]>([
  [{ message: 'Command timed out' }, 'a Redis that is silent'],
  [{ message: "Stream isn't writeable and enableOfflineQueue options is false" }, 'a Redis that is gone'],
  [{ message: "Cluster isn't ready and enableOfflineQueue options is false" }, 'a Cluster that is gone'],
  [
    { message: 'Too many Cluster redirections. Last error: Error: Connection is closed.' },
    'a Cluster that is failing over',
  ],
  [{ message: 'LOADING Redis is loading the dataset in memory' }, 'a Redis that is starting'],
  [{ message: "READONLY You can't write against a read only replica." }, 'a Redis that was demoted'],
  [{ message: "MISCONF Redis is configured to save RDB snapshots, but it can't" }, 'a Redis on a full disk'],
  [{ message: "OOM command not allowed when used memory > 'maxmemory'." }, 'a Redis that is full'],
  ...['08000', '08001', '08003', '08006', '08P01'].map((code) => state(code, 'a connection that failed')),
  ...['25006', '25P03'].map((code) => state(code, 'a server that lets nobody write, or wait')),
  ...['28P01', '28000', '3D000'].map((code) => state(code, 'a server that lets nobody in')),
  ...['40001', '40P01', '40003'].map((code) => state(code, 'who lost against another')),
  ...['53000', '53100', '53200', '53300', '53400'].map((code) => state(code, 'a server that has run out')),
  [{ code: '55000', severity: 'FATAL' }, 'a database that is closed to connections'],
  state('55P03', 'a lock that is held'),
  ...['57014', '57P01', '57P02', '57P03', '57P05'].map((code) => state(code, 'a server that was stopped')),
  ...['58000', '58030', '58P01'].map((code) => state(code, 'a disk that fails')),
  ...['CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT'].map((code) =>
    state(code, 'what the driver says'),
  ),
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN'].map(
    (code) => state(code, 'a host that is away'),
  ),
  ...['ENETUNREACH', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'].map((code) =>
    state(code, 'a network that is away'),
  ),
  ...['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE'].map((code) =>
    state(code, 'a machine that has run out'),
  ),
  [{ code: 'ENOENT', syscall: 'connect' }, 'a socket that is not there'],
  [{ code: 'EACCES', syscall: 'connect' }, 'a socket that is not ours'],
])('%o is worth a retry: %s', (says) => {
  const problem = problemOf(Object.assign(new Error('not now'), says))
  expect(problem.status).toBe(503)
  expect(problem.retryAfter).toBeGreaterThan(0)
})

function state(code: string, why: string): [object, string] {
  return [{ code }, why]
}

test.each<[says: object, status: number]>([
  [{ code: 'ENOENT', syscall: 'open' }, 500],
  [{ code: '23505', severity: 'ERROR' }, 500],
  [{ code: '55000', severity: 'ERROR' }, 500],
  [{ code: '42601' }, 500],
  [{ code: '25P02' }, 500],
  [{ code: 'XX000' }, 500],
  [{ message: 'ERR unknown command' }, 500],
  // Of a caller who hung up while sending.
  [{ code: 'ECONNABORTED', type: 'request.aborted', status: 400 }, 400],
])('%o is not worth a retry', (says, status) => {
  expect(problemOf(Object.assign(new Error('no'), says)).status).toBe(status)
})

test.each(['22007', '22008', '22009'])(
  'a time that cannot be stored (%s) is the caller’s mistake',
  (code) => {
    expect(problemOf(Object.assign(new Error('out of range'), { code })).status).toBe(400)
  },
)

test('half an answer is cut off, and its error is only logged', async () => {
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

const wrong = [
  { path: 'a', message: 'must fit' },
  { path: '', message: 'must be something else' },
]
const ofClient = { detail: 'No. a: must fit; must be something else' }

test.each<[path: string, errors: typeof wrong, body: object]>([
  ['/api/messages', wrong, invalid('No.', wrong).body()],
  ['/api/v1x', [], invalid('No.', []).body()],
  ['/api/v1', wrong, ofClient],
  ['/api/v1/messages', wrong, ofClient],
  ['/api/v1/messages/7', [], { detail: 'No.' }],
])('an error at %s is said in the words of its clients', async (path, errors, body) => {
  const app = express()
  app.use(() => {
    throw invalid('No.', errors)
  })
  app.use(answerProblem)
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
  server.close()
  expect([answer.status, await answer.json()]).toEqual([400, body])
})
