import { expect, test } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { Person } from '../testing/service.ts'
import { SocketClient } from '../testing/socket-client.ts'

const paths = ['/ws', '/api/v1/ws', '/api/v1/realtime']

test('no token is in the log, however much of it is asked for, or what is said', async () => {
  const service = await RunningService.start({
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: emptyFolder(),
    SESSION_SECRET: 'only for tests, only for tests',
    WORKERS: '1',
    REGISTRATION: 'open',
    LOG_LEVEL: 'trace',
  })
  const person = new Person(service.address)
  const body = { email: 'ala@example.org', username: 'ala', password: 'wiadomosci' }
  person.id = (await person.post('/api/auth/register', body)).body.user.id
  const chat_id = await person.talkTo(person)
  const { access_token, refresh_token } = await person.token()
  const forged = access_token.replace(/.{8}$/, 'AAAAAAAA')
  for (const path of paths) {
    const url = `${service.address}${path}?token=`
    const client = await SocketClient.open(url + access_token, {})
    const [event, type] = ['message', 'typing_start']
    for (const fields of [{ content: 'tajemnica' }, { chat_id, content: 'tajemnica' }])
      client.say({ event, type, data: { conversation_id: 999_999 }, ...fields, token: access_token })
    client.say(`tajemnica ${access_token}`)
    await client.hear((frame) => (frame.event ?? frame.type) === 'error')
    await client.close()
    await expect(SocketClient.open(url + forged, {})).rejects.toThrow('401')
    await expect(SocketClient.open(url + access_token, { origin: 'https://evil.example' })).rejects.toThrow(
      '403',
    )
    await expect(SocketClient.open(`${url}${access_token}&token=${forged}`, {})).rejects.toThrow(/4\d\d/)
    // Not as a WebSocket.
    await person.get(`${path}?token=${access_token}`)
  }
  await service.stop()
  expect(service.output).toContain('"msg":"ready"')
  for (const secret of [access_token, refresh_token, forged, 'tajemnica'])
    for (const part of secret.split('.')) expect(service.output).not.toContain(part)
})
