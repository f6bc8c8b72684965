import type { OwnUser, QuietHours, TextSize } from '../contract/users.ts'
import { sql } from '../db/client.ts'
import { ownColumns } from './store.ts'

interface Settings {
  show_last_seen?: boolean | undefined
  notify_email_messages?: boolean | undefined
  locale?: string | undefined
  text_size?: TextSize | undefined
  quiet_hours?: QuietHours | null | undefined
  enter_sends?: boolean | undefined
  display_name?: string | undefined
}

export async function changeSettings(id: number, settings: Settings): Promise<OwnUser> {
  const { quiet_hours: quietHours } = settings
  const [user] = await sql<OwnUser[]>`
    with u as (
      update users set
        show_last_seen = coalesce(${settings.show_last_seen ?? null}, show_last_seen),
        notify_email_messages = coalesce(${settings.notify_email_messages ?? null}, notify_email_messages),
        locale = coalesce(${settings.locale ?? null}, locale),
        text_size = coalesce(${settings.text_size ?? null}, text_size),
        quiet_hours = ${quietHours === undefined ? sql`quiet_hours` : quietHours && sql.json(quietHours)},
        enter_sends = coalesce(${settings.enter_sends ?? null}, enter_sends),
        name = coalesce(${settings.display_name ?? null}, name)
      where id = ${id}
      returning *
    ) select ${ownColumns()} from u`
  return user!
}
