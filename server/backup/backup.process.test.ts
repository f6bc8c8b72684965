import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { expect, onTestFinished, test, vi } from 'vitest'
import { cutShort, edited, everythingIn, flipped, written } from '../testing/backup-files.ts'
import { picture, upload } from '../testing/files.ts'
import { emptyFolder } from '../testing/folder.ts'
import { command, type Home, newcomer, newHome, serve } from '../testing/homes.ts'

/** Each command is a process that starts, beside a service that does. */
vi.setConfig({ testTimeout: 60_000 })

const BACKUP_PASSPHRASE = 'sześć słów, o których nikt nie wie'
const folder = emptyFolder()
const [plain, sealed] = [join(folder, 'plain'), join(folder, 'sealed')]
const png = await picture(40, 40).png().toBuffer()
/** Where there is something to lose. */
let target: Home

/** Everything that a restore may change. */
async function stateOf({ DATABASE_URL, DATA_DIR }: Home): Promise<unknown> {
  const sql = postgres(DATABASE_URL, { max: 1 })
  onTestFinished(() => sql.end())
  const rows = await sql`
    select to_jsonb(users) as row from users union all select to_jsonb(messages) from messages
    union all select to_jsonb(installation) from installation`
  return { rows, files: everythingIn(DATA_DIR) }
}

test('a backup is made while the service runs, for nobody else to read', async () => {
  target = await newHome()
  const service = await serve(target)
  const [ala, ola] = [await newcomer(service, 'ala'), await newcomer(service, 'ola')]
  const { attachment } = (await upload(ala, png, 'zdjęcie.png')).body
  await ala.say(await ala.talkTo(ola), 'z kopii', { attachment_ids: [attachment.id] })
  expect(await command(target, `backup ${plain}`)).toMatchObject({ code: 0, error: '' })
  expect(await command(target, `backup ${sealed}`, { BACKUP_PASSPHRASE })).toMatchObject({ code: 0 })
  expect(statSync(plain).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder).sort()).toEqual(['plain', 'sealed'])
  expect(await command(target, `restore ${plain} --check`)).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      /is whole: of \d{4}-\d\d-\d\d \d\d:\d\d UTC,\n1 messages, 2 members, 2 files of 1 MiB\n$/,
    ),
  })
  // What a restore would put back, it would have to take away again.
  const files = join(target.DATA_DIR, 'attachments')
  for (const name of readdirSync(files)) rmSync(join(files, name))
})

const ofUsers = (name: string) => name.includes('public.users/')

const refused: [string, () => string | Promise<string>, RegExp, Record<string, string>?][] = [
  ['is not there', () => join(folder, 'nowhere'), /cannot be read: ENOENT/],
  ['is something else', () => written(png), /is damaged or not whole/],
  ['is empty', () => written(Buffer.alloc(0)), /is damaged or not whole/],
  ['was cut short', () => cutShort(plain), /is damaged or not whole/],
  ['was changed', () => flipped(plain), /is damaged or not whole/],
  ['was cut short, encrypted', () => cutShort(sealed), /is damaged/, { BACKUP_PASSPHRASE }],
  ['was changed, encrypted', () => flipped(sealed), /is damaged/, { BACKUP_PASSPHRASE }],
  ['is encrypted', () => sealed, /is encrypted: set BACKUP_PASSPHRASE/],
  [
    'is encrypted with another passphrase',
    () => sealed,
    /the passphrase is another one/,
    { BACKUP_PASSPHRASE: 'siedem innych słów, a nawet więcej' },
  ],
  [
    'is of a newer format',
    () => edited(plain, { manifest: (manifest) => Object.assign(manifest, { format: 2 }) }),
    /made by a newer version of Rozmowa/,
  ],
  [
    'is of a newer data model',
    () =>
      edited(plain, {
        manifest: ({ migration }) => Object.assign(migration, { when: migration.when + 1e9 }),
      }),
    /made by a newer version of Rozmowa/,
  ],
  [
    'lacks rows that others reference',
    () =>
      edited(plain, {
        entry: (name, content) => (ofUsers(name) ? undefined : content),
        end: ({ rows }) => Object.assign(rows, { 'public.users': 0 }),
      }),
    /foreign key/,
  ],
  [
    'has a row twice',
    () =>
      edited(plain, {
        entry: (name, content) => (ofUsers(name) ? content + content : content),
        end: ({ rows }) => Object.assign(rows, { 'public.users': 4 }),
      }),
    /unique constraint/,
  ],
  [
    'has fewer rows than it says',
    () => edited(plain, { end: ({ rows }) => Object.assign(rows, { 'public.messages': 2 }) }),
    /of 2 rows of public\.messages the backup has 1/,
  ],
  [
    'has a file that belongs elsewhere',
    () => edited(plain, { more: { 'files/attachments/../../intruder': 'x' } }),
    /there is no place for files/,
  ],
]

test.each(refused)(
  'a backup that %s is refused in one line, and changes nothing',
  async (_, make, line, more = {}) => {
    const path = await make()
    const before = await stateOf(target)
    const { code, out, error } = await command(target, `restore ${path} --replace`, more)
    expect(error).toMatch(line)
    expect(error.trim().split('\n')).toHaveLength(1)
    expect([code, out]).toEqual([1, ''])
    expect(await stateOf(target)).toEqual(before)
  },
)

const mistakes: [string, string, RegExp][] = [
  ['to a name that is taken', `backup ${plain}`, /plain is there already/],
  ['to no folder', `backup ${folder}/nowhere/backup`, /nowhere cannot be written to: ENOENT/],
  ['to no file', 'backup', /FILE is missing/],
  ['to two files', `backup ${folder}/one ${folder}/two`, /FILE is missing, or one of several/],
  [
    'with a passphrase from no file',
    `backup ${folder}/new --passphrase-file ${folder}/none`,
    /none cannot be read: ENOENT/,
  ],
  [
    'with a short passphrase',
    `backup ${folder}/new --passphrase-file ${written(Buffer.from('krótkie\n'))}`,
    /at least 12 characters/,
  ],
  ['over a database that is not empty', `restore ${plain}`, /the database is not empty; with --replace/],
]

test.each(mistakes)('a backup or restore %s: one line says what is wrong', async (_, line, why) => {
  const before = everythingIn(folder)
  const { code, error } = await command(target, line)
  expect(code).toBeGreaterThan(0)
  expect(error).toMatch(why)
  expect(error.trim().split('\n')).toHaveLength(1)
  expect(everythingIn(folder)).toEqual(before)
})
