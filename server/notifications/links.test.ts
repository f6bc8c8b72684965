import { beforeEach, expect, test } from 'vitest'
import { startService } from '../testing/service.ts'

/** The links at the foot of a mail. */
const { anna, bartek, guest } = await startService({ BASE_URL: 'http://portal.example.org' })
const { linkTo } = await import('./links.ts')

const conversation = await anna.talkTo(bartek)
const path = (url: string) => url.replace('http://portal.example.org', '')
const mute = path(linkTo({ action: 'mute', userId: bartek.id, conversationId: conversation }))
const off = path(linkTo({ action: 'off', userId: bartek.id }))

const isMuted = async () =>
  (await bartek.get(`/api/conversations/${conversation}`)).body.conversation.is_muted
const isOn = async () => (await bartek.get('/api/users/me')).body.user.notify_email_messages

beforeEach(async () => {
  await bartek.patch(`/api/conversations/${conversation}/settings`, { is_muted: false })
  await bartek.patch('/api/users/me/settings', { notify_email_messages: true, locale: 'pl' })
})

test('a GET changes nothing, whoever follows the link', async () => {
  for (const method of ['GET', 'HEAD'])
    for (const link of [mute, off]) expect((await guest().request(method, link)).status).toBe(200)
  expect([await isMuted(), await isOn()]).toEqual([false, true])
})

test('the page asks for confirmation, in the reader’s language', async () => {
  const { body, headers } = await guest().get(mute)
  expect(headers.get('content-type')).toContain('text/html')
  expect(body).toContain('Wyciszyć rozmowę „Anna Kowalska”?')
  expect(body).toMatch(/<form[^>]*method="post"/)
  await bartek.patch('/api/users/me/settings', { locale: 'en' })
  expect((await guest().get(off)).body).toContain('Turn off emails about messages?')
})

test('notes to oneself are called as in the list', async () => {
  const { body } = await anna.post('/api/conversations', { user_id: anna.id })
  const { id: conversationId, title } = body.conversation
  const page = await guest().get(path(linkTo({ action: 'mute', userId: anna.id, conversationId })))
  expect(page.body).toContain(`Wyciszyć rozmowę „${title}”?`)
})

test('a POST takes effect without signing in, and can be undone', async () => {
  const stream = await bartek.listen()
  const done = await guest().request('POST', mute)
  expect([done.status, await isMuted()]).toEqual([200, true])
  expect(done.body).toContain('jest wyciszona')
  // Their open pages show it too.
  await stream.hear('conversation_updated', (data) => data.conversation.is_muted)
  stream.close()
  await guest().request('POST', `${mute}?undo=1`)
  expect(await isMuted()).toBe(false)
  await guest().request('POST', off)
  expect(await isOn()).toBe(false)
  await guest().request('POST', `${off}?undo=1`)
  expect(await isOn()).toBe(true)
})

test('a mail client may post from its own site, as in RFC 8058', async () => {
  const answer = await guest().request('POST', off, {
    body: 'List-Unsubscribe=One-Click',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://mail.example.com',
      'sec-fetch-site': 'cross-site',
    },
  })
  expect([answer.status, await isOn()]).toEqual([200, false])
  // No other request accepts that.
  const elsewhere = await bartek.request('POST', '/wylogowanie', {
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  expect(elsewhere.status).toBe(403)
})

test.each([
  ['of another member', off.replace(`off.${bartek.id}`, `off.${anna.id}`)],
  ['of another conversation', mute.replace(`.${conversation}.`, `.${conversation + 1}.`)],
  ['for another purpose', mute.replace(`mute.${bartek.id}.${conversation}`, `off.${bartek.id}`)],
  ['cut short', off.slice(0, -1)],
  ['without a signature', off.slice(0, off.lastIndexOf('.'))],
  ['of nothing', '/powiadomienia/off'],
  ['of a dot', '/powiadomienia/off.'],
  ['too long', `/powiadomienia/${'off.'.repeat(1000)}`],
  ['of no member of it', path(linkTo({ action: 'mute', userId: bartek.id, conversationId: 999_999 }))],
  ['of nobody', path(linkTo({ action: 'off', userId: 999_999 }))],
])('a link %s does nothing', async (_, link) => {
  for (const method of ['GET', 'POST']) {
    const answer = await guest().request(method, link)
    expect([answer.status, answer.body]).toEqual([404, expect.stringContaining('Ten odnośnik nie działa')])
  }
  expect([await isMuted(), await isOn()]).toEqual([false, true])
})
