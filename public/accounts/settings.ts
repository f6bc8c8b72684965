import type { Locale, TextSize } from '../../server/contract/users.ts'
import settingsTemplate from '../../views/accounts/settings.eta'
import { api } from '../api.ts'
import { openDialog } from '../dialog.ts'
import { isEnter } from '../keys.ts'
import { showNotice } from '../notice.ts'
import { followNoticeSettings, quietHoursIn } from '../notices/settings.ts'
import { tabs } from '../notices/tabs.ts'
import { page, reader } from '../page.ts'
import { renderTemplate } from '../render.ts'

/** A new name or language shows all over the page, so the page is reloaded then. */
export function openSettings(): void {
  const dialog = openDialog(renderTemplate(settingsTemplate, {}))
  const form = dialog.querySelector('form') as HTMLFormElement
  const error = dialog.querySelector('.dialog__error') as HTMLElement
  const submit = dialog.querySelector<HTMLButtonElement>('[data-action="submit"]') as HTMLButtonElement

  followNoticeSettings(form)

  async function save(): Promise<void> {
    if (!form.reportValidity()) return
    error.hidden = true
    submit.disabled = true
    const { display_name, locale } = page.me
    try {
      const { user } = await api.saveSettings(settingsIn(form))
      Object.assign(page.me, user)
      tabs.say({ kind: 'settings', quiet_hours: user.quiet_hours })
      document.documentElement.dataset.textSize = user.text_size
      document.documentElement.toggleAttribute('data-enter-breaks', !user.enter_sends)
      dialog.close()
      if (user.display_name !== display_name || user.locale !== locale) location.reload()
      else showNotice(reader.t('settings.saved'))
    } catch {
      error.hidden = false
      submit.disabled = false
    }
  }

  submit.addEventListener('click', () => void save())
  form.addEventListener('keydown', (event) => {
    if (!isEnter(event) || !(event.target instanceof HTMLInputElement)) return
    event.preventDefault()
    void save()
  })
}

function settingsIn(form: HTMLFormElement): Parameters<typeof api.saveSettings>[0] {
  const values = new FormData(form)
  return {
    display_name: String(values.get('display_name')).trim(),
    locale: String(values.get('locale')) as Locale,
    text_size: String(values.get('text_size')) as TextSize,
    enter_sends: values.has('enter_sends'),
    notify_email_messages: values.has('notify_email_messages'),
    show_last_seen: !values.has('hide_last_seen'),
    quiet_hours: quietHoursIn(values),
  }
}
