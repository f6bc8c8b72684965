import type { Sql } from 'postgres'

/** What `users` has to have when it is a portal's, and what of our own columns has to be of the same kind. */
const columns: Record<string, { kind: string; type: string; isNeeded?: true }> = {
  id: { kind: 'N', type: 'bigint', isNeeded: true },
  email: { kind: 'S', type: 'varchar(255)', isNeeded: true },
  name: { kind: 'S', type: 'varchar(255)', isNeeded: true },
  password_hash: { kind: 'S', type: 'varchar(255)', isNeeded: true },
  created_at: { kind: 'D', type: 'timestamptz(3) not null default now()', isNeeded: true },
  username: { kind: 'S', type: 'varchar(255)' },
  company: { kind: 'S', type: 'varchar(255)' },
  avatar: { kind: 'S', type: 'text' },
  locale: { kind: 'S', type: 'varchar(10)' },
  is_active: { kind: 'B', type: 'boolean' },
  is_admin: { kind: 'B', type: 'boolean' },
  notify_email_messages: { kind: 'B', type: 'boolean' },
  show_last_seen: { kind: 'B', type: 'boolean' },
  last_seen_at: { kind: 'D', type: 'timestamptz(3)' },
}
const whole = new Set(['smallint', 'integer', 'bigint'])

interface Column {
  name: string
  type: string
  kind: string
  /** Required: not null, and without a default. */
  mustBeGiven: boolean
  isUnique: boolean
}

/**
 * @param isNew whether Rozmowa was never here: then the rows are looked at too
 * @param mayRegister whether users are made by Rozmowa, and not by the portal alone
 */
export async function findUsersFaults(sql: Sql, isNew: boolean, mayRegister: boolean): Promise<string[]> {
  const [table] = await sql<[{ kind: string; role: string; isOwn: boolean }?]>`
    select relkind as kind, current_user as role, pg_has_role(relowner, 'usage') as "isOwn"
    from pg_class where oid = to_regclass('users')`
  if (!table) return []
  if (table.kind !== 'r')
    return ['users is not a table but a view or the like: Rozmowa needs the table itself']
  const found = await columnsOf(sql)
  const faults = [
    ...(table.isOwn
      ? []
      : [`the table users is not ${table.role}'s: alter table users owner to ${table.role}`]),
    ...findWrongColumns(found),
  ]
  if (faults.length > 0) return faults
  return [...(mayRegister ? findUnfillable(found) : []), ...(isNew ? await findWrongRows(sql, found) : [])]
}

const columnsOf = async (sql: Sql): Promise<Map<string, Column>> => {
  const rows = await sql<Column[]>`
    select attname as name, format_type(atttypid, null) as type, typcategory as kind,
      attnotnull and not atthasdef and attidentity = '' and typdefault is null as "mustBeGiven",
      exists (select from pg_index where indrelid = attrelid and indisunique and indimmediate and indpred is null
        and indnkeyatts = 1 and indkey[0] = attnum) as "isUnique"
    from pg_attribute join pg_type on pg_type.oid = atttypid
    where attrelid = to_regclass('users') and attnum > 0 and not attisdropped`
  return new Map(rows.map((row) => [row.name, row]))
}

function findWrongColumns(found: Map<string, Column>): string[] {
  const faults = Object.entries(columns).flatMap(([name, { kind, type, isNeeded }]) => {
    const column = found.get(name)
    if (!column) return isNeeded ? [`users has no column ${name}: alter table users add ${name} ${type}`] : []
    const fits = name === 'id' ? whole.has(column.type) : column.kind === kind
    return fits ? [] : [`users.${name} is ${column.type}: Rozmowa needs it as ${type.split(/[ (]/)[0]}`]
  })
  const id = found.get('id')
  if (id && !id.isUnique) faults.push('users.id is not unique: alter table users add primary key (id)')
  return faults
}

/** Columns that registration fills in; a portal that creates its own users may require more. */
const given = new Set(['email', 'username', 'name', 'password_hash'])

function findUnfillable(found: Map<string, Column>): string[] {
  return [...found.values()]
    .filter(({ name, mustBeGiven }) => mustBeGiven && !given.has(name))
    .map(
      ({ name }) =>
        `users.${name} has to be given and has no default, so no one can register: add a default, or set REGISTRATION=closed`,
    )
}

/** Rows that the indexes to come would not take. Named by their ids: e-mails are nobody's business here. */
async function findWrongRows(sql: Sql, found: Map<string, Column>): Promise<string[]> {
  const empty = await sql<
    { id: string }[]
  >`select id from users where coalesce(email, '') = '' order by id limit 6`
  const emails = await sql<{ ids: string }[]>`
    select string_agg(id::text, ', ' order by id) as ids from users
    where email <> '' group by lower(email) having count(*) > 1 order by min(id) limit 6`
  const username = found.has('username') ? sql`username` : sql`null::text`
  const names = await sql<{ ids: string }[]>`
    select string_agg(id::text, ', ' order by id) as ids
    from (select id, ${username} as username, email from users where email <> '') users
    group by lower(coalesce(username, split_part(email, '@', 1)))
    having count(username) > 1 or (count(username) = 1 and count(*) > 1) order by min(id) limit 6`
  return [
    ...(empty.length > 0 ? [`users without e-mail: ${some(empty.map(({ id }) => id))}; give each one`] : []),
    ...(emails.length > 0
      ? [
          `users whose e-mails differ in case only: ${some(emails.map(({ ids }) => ids))}; change or merge them`,
        ]
      : []),
    ...(emails.length === 0 && names.length > 0
      ? [
          `users with the same username, case aside: ${some(names.map(({ ids }) => ids))}; change or merge them`,
        ]
      : []),
  ]
}

const some = (ids: string[]) => ids.slice(0, 5).join(' / ') + (ids.length > 5 ? ' / …' : '')
