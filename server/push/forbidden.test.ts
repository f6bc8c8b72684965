import { expect, test } from 'vitest'
import { freshDatabase } from '../testing/postgres.ts'
import { PushService } from '../testing/push-service.ts'
import { startService } from '../testing/service.ts'

const pushes = await PushService.start()
const { anna } = await startService({
  DATABASE_URL: await freshDatabase(),
  LINK_PREVIEW_ALLOW_HOSTS: pushes.host,
})
const { keys } = pushes.subscription()

/** What is no public address is refused as it is given; where a name leads is checked when something is sent there. */
const written = [
  'https://127.0.0.1/send',
  'https://127.1/send',
  'https://2130706433/send',
  'https://0x7f000001/send',
  'https://[::1]/send',
  'https://[::ffff:127.0.0.1]/send',
  'https://10.0.0.1/send',
  'https://172.16.0.1/send',
  'https://192.168.1.1/send',
  'https://169.254.169.254/latest/meta-data',
  'https://100.64.0.1/send',
  'https://[fd00::1]/send',
  'https://[fe80::1]/send',
  'https://push.example.org:8443/send',
  'https://somebody:secret@push.example.org/send',
  `http://${pushes.host}/send`,
  'http://push.example.org/send',
  'wss://push.example.org/send',
  'file:///etc/passwd',
  'https://',
  '',
  `https://push.example.org/${'x'.repeat(2000)}`,
  `https://push.example.org/${'"'.repeat(1900)}`,
]

test.each(written)('%s is refused as an endpoint', async (endpoint) => {
  const answer = await anna.post('/api/push/subscriptions', { endpoint, keys })
  expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed'])
})

const { p256dh, auth } = keys
test.each([
  ['no point of the curve', { p256dh: `B${'A'.repeat(86)}`, auth }],
  ['a short public key', { p256dh: p256dh.slice(1), auth }],
  ['a long secret', { p256dh, auth: `${auth}AA` }],
  ['no secret', { p256dh }],
])('%s is refused', async (_, given) => {
  const { endpoint } = pushes.subscription()
  expect((await anna.post('/api/push/subscriptions', { endpoint, keys: given })).status).toBe(400)
})

test('keys may be padded, and in the other base64', async () => {
  const { endpoint } = pushes.subscription()
  const padded = { p256dh: `${p256dh.replaceAll('-', '+').replaceAll('_', '/')}=`, auth: `${auth}==` }
  expect((await anna.post('/api/push/subscriptions', { endpoint, keys: padded })).status).toBe(204)
})
