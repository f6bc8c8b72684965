import { expect } from 'playwright/test'
import { afterAll, test } from 'vitest'
import { durations } from '../server/presence/durations.ts'
import { NodusClient } from '../server/testing/nodus-client.ts'
import { type Person, startService } from '../server/testing/service.ts'
import { type Frame, SocketClient } from '../server/testing/socket-client.ts'
import { durations as typing } from '../server/typing/durations.ts'
import { visitor } from './people.ts'

Object.assign(durations, { grace: 200, sweepEvery: 50 })
typing.publishEvery = 50
const { address, anna, bartek, celina, dawid } = await startService()

/** One conversation: Anna is on the page, Bartek has NODUS, Celina Messenger Core, and Dawid the presence client. */
const member_ids = [bartek.id, celina.id, dawid.id]
const made = await anna.post('/api/conversations', { name: 'Rada', member_ids })
const chat_id: number = made.body.conversation.id
await anna.say(await anna.talkTo(dawid), 'Jesteś?')
await anna.say(chat_id, 'Witajcie')

async function program(person: Person, path: string) {
  const headers = { authorization: `Bearer ${(await person.token()).access_token}` }
  return { headers, socket: await SocketClient.open(address + path, headers) }
}
const { socket: nodus, headers } = await program(bartek, '/api/v1/ws')
const bartkas = new NodusClient(address, headers)
const { socket: core } = await program(celina, '/ws')
const { socket: presence } = await program(dawid, '/api/v1/realtime')
const page = await (await visitor(address)).signIn('anna')
await page.choose('Rada')
await page.isLive()

afterAll(async () => {
  await Promise.all([nodus, core, presence].map((socket) => socket.close()))
  expect(page.errors).toEqual([])
})

const onNodus = async (event: string, fits: (data: Frame) => boolean): Promise<Frame> =>
  (await nodus.hear((frame) => frame.event === event && fits(frame.data))).data
const onCore = (event: string, fits: (frame: Frame) => boolean): Promise<Frame> =>
  core.hear((frame) => frame.event === event && fits(frame))
const onPresence = async (type: string, fits: (data: Frame) => boolean): Promise<Frame> =>
  (await presence.hear((frame) => frame.type === type && fits(frame.data))).data
const withText = (text: string) => (message: Frame) => message.content === text
const head = () => page.page.locator('.head')

/** Sent by each of the three who can. */
async function sayFromEach(what: string): Promise<Record<'page' | 'nodus' | 'core', Frame>> {
  await page.write(`${what} ze strony`)
  const fromPage = await onNodus('message.created', withText(`${what} ze strony`))
  const { body } = await bartkas.send(chat_id, `${what} z NODUS-a`)
  core.say({ event: 'message', chat_id, content: `${what} z rdzenia` })
  return {
    page: fromPage,
    nodus: body,
    core: await onNodus('message.created', withText(`${what} z rdzenia`)),
  }
}

test('messages: each has those of the others, as they were written', async () => {
  const sent = await sayFromEach('<b>Słowo</b>')
  for (const text of ['ze strony', 'z NODUS-a', 'z rdzenia']) await page.sees(`<b>Słowo</b> ${text}`)
  for (const [from, sender] of [
    ['page', anna],
    ['nodus', bartek],
    ['core', celina],
  ] as const) {
    const { id, content } = sent[from]
    expect(await onCore('message', (frame) => frame.id === id)).toMatchObject({
      content,
      sender_id: sender.id,
    })
    expect(await onNodus('message.created', (data) => data.id === id)).toMatchObject({ author_id: sender.id })
  }
  const { body } = await bartkas.send(chat_id, 'Zgoda', { reply_to_id: sent.core.id })
  await expect(page.message('Zgoda')).toContainText('Celina Wójcik')
  await onCore('message', ({ id }) => id === body.id)
})

test('edits: each sees them', async () => {
  const sent = await sayFromEach('Błąd')
  await page.pick('Błąd ze strony', 'Edytuj')
  await page.page.keyboard.insertText(' poprawiony')
  await page.page.keyboard.press('Enter')
  await onNodus('message.updated', withText('Błąd ze strony poprawiony'))
  await onCore('message_edited', withText('Błąd ze strony poprawiony'))
  await bartkas.edit(sent.nodus.id, 'Poprawa z NODUS-a')
  await expect(page.message('Poprawa z NODUS-a')).toContainText('(edytowano)')
  await onCore('message_edited', withText('Poprawa z NODUS-a'))
  core.say({ event: 'edit_message', message_id: sent.core.id, content: 'Poprawa z rdzenia' })
  await expect(page.message('Poprawa z rdzenia')).toContainText('(edytowano)')
  await onNodus('message.updated', withText('Poprawa z rdzenia'))
})

test('reactions: the page and NODUS have a word for them', async () => {
  const { id } = (await sayFromEach('Kawa')).core
  await (await page.openMenu('Kawa z rdzenia')).getByRole('menuitemcheckbox', { name: '👍' }).click()
  await onNodus('reaction.added', ({ message_id, user_id }) => message_id === id && user_id === anna.id)
  await bartkas.react(id, '👍')
  await page.button('👍 2: Anna Kowalska, Bartek Zieliński').click()
  await expect(page.button('👍 1: Bartek Zieliński')).toBeVisible()
  await onNodus('reaction.removed', ({ message_id, user_id }) => message_id === id && user_id === anna.id)
  await bartkas.takeBack(id, '👍')
  await expect(page.button('👍 1: Bartek Zieliński')).toHaveCount(0)
})

test('reads: who has read what', async () => {
  const sent = await sayFromEach('Ogłoszenie')
  const upTo = (user: Person, id: number) => (data: Frame) =>
    data.user_id === user.id && data.message_id >= id
  await onNodus('message.read', upTo(anna, sent.core.id))
  await page.write('Kto czytał?')
  const { id } = await onCore('message', withText('Kto czytał?'))
  core.say({ event: 'read', message_ids: [id] })
  await onNodus('message.read', upTo(celina, id))
  const readers = page.message('Kto czytał?').getByRole('button', { name: /^Przeczytane/ })
  await expect(readers).toHaveAccessibleName('Przeczytane: Celina Wójcik')
  for (const reader of [bartek, dawid]) await reader.post(`/api/conversations/${chat_id}/read`)
  const list = async () => (await celina.get(`/messages?chat_id=${chat_id}&limit=1`)).body
  await expect.poll(list).toMatchObject([{ id, read_at: expect.any(String) }])
  const { messages } = (await bartkas.messages(chat_id, { limit: 1 })).body
  expect(messages).toMatchObject([{ id, status: 'read' }])
})

test('typing: the page, NODUS and the presence client have a word for it', async () => {
  await page.input.click()
  await page.page.keyboard.type('pi')
  const of =
    (user: Person, typing = true) =>
    ({ user_id, is_typing }: Frame) =>
      user_id === user.id && is_typing === typing
  await onNodus('user.typing', of(anna))
  expect(await onPresence('user_typing', of(anna))).toMatchObject({ display_name: 'Anna Kowalska' })
  await bartkas.type(chat_id, true)
  await expect(head()).toContainText('Bartek pisze…')
  await onPresence('user_typing', of(bartek))
  await bartkas.type(chat_id, false)
  await onPresence('user_typing', of(bartek, false))
  await expect(head()).not.toContainText('pisze…')
  presence.say({ type: 'typing_start', data: { conversation_id: chat_id } })
  await expect(head()).toContainText('Dawid pisze…')
  await onNodus('user.typing', of(dawid))
  presence.say({ type: 'typing_stop', data: { conversation_id: chat_id } })
  await onNodus('user.typing', of(dawid, false))
  await expect(head()).not.toContainText('pisze…')
  await page.page.keyboard.press('Backspace')
  await page.page.keyboard.press('Backspace')
})

test('deletions: nothing of the message remains with anybody', async () => {
  const sent = await sayFromEach('Pomyłka')
  await bartkas.remove(sent.nodus.id)
  await page.pick('Pomyłka ze strony', 'Usuń')
  await page.dialog.getByRole('button', { name: 'Usuń' }).click()
  for (const { id } of [sent.page, sent.nodus]) {
    expect(await onNodus('message.deleted', (data) => data.id === id)).toMatchObject({ content: null })
    await onCore('message_edited', (frame) => frame.id === id && frame.is_delete && frame.content === null)
  }
  for (const text of ['ze strony', 'z NODUS-a']) await expect(page.message(`Pomyłka ${text}`)).toHaveCount(0)
  await page.sees('Pomyłka z rdzenia')
})

test('presence: who comes and goes', async () => {
  const of = (user: Person, status: string) => (data: Frame) =>
    data.user_id === user.id && data.status === status
  await onPresence('user_status', of(anna, 'online'))
  await onNodus('user.presence', of(anna, 'online'))
  await expect(page.inList('Dawid Żółkiewski')).toContainText('Online')
  await presence.close()
  await onNodus('user.presence', of(dawid, 'offline'))
  await expect(page.inList('Dawid Żółkiewski')).not.toContainText('Online')
})

test('in the end each has loaded what it was told, and was told nothing it has no word for', async () => {
  const { messages } = (await bartkas.messages(chat_id, { limit: 100 })).body
  const texts = messages.filter(({ is_deleted }) => !is_deleted).map(({ content }) => content!)
  await expect(page.log.getByRole('article').filter({ hasNotText: 'usunięt' })).toHaveCount(texts.length)
  for (const { id, content } of messages.slice(1)) {
    expect(nodus.frames.findLast(({ data }) => data.id === id && 'content' in data).data.content).toBe(
      content,
    )
    expect(core.frames.findLast((frame) => frame.id === id).content).toBe(content)
  }
  const words = (frames: Frame[]) =>
    new Set(frames.map(({ event, type }) => event ?? type).filter((word) => word !== 'ping'))
  expect(words(core.frames)).toEqual(new Set(['connected', 'message', 'message_edited']))
  expect(words(presence.frames)).toEqual(new Set(['user_status', 'user_typing', 'message.typing']))
})
