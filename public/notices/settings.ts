import type { QuietHours } from '../../server/contract/users.ts'
import { page, reader } from '../page.ts'
import { canNotify, canPush, type DeviceSetting, isOn, isPermitted, turn } from './device.ts'
import { subscribe, unsubscribe } from './push.ts'
import { canRing, ring } from './sound.ts'
import { register } from './worker.ts'

/** The part of the settings that is about notices. What is of this device counts at once, not with the form. */
export function followNoticeSettings(form: HTMLFormElement): void {
  followQuietHours(form)
  for (const button of form.querySelectorAll<HTMLElement>('[data-device]')) {
    const name = button.dataset.device as DeviceSetting
    if (name === 'sound') button.ariaChecked = String(isOn(name))
    else if (isMissing(name)) say(button, 'missing')
    else button.ariaChecked = String(isOn(name) && Notification.permission === 'granted')
    button.addEventListener('click', () => void toggle(button, name))
  }
}

/** null when there are none. */
export function quietHoursIn(values: FormData): QuietHours | null {
  if (!values.has('quiet')) return null
  const [from, to] = ['quiet_from', 'quiet_to'].map((name) => String(values.get(name)))
  const before = page.me.quiet_hours
  // Those of another place stay there until they are changed.
  const time_zone = before && before.from === from && before.to === to ? before.time_zone : reader.zone
  return { from: from!, to: to!, time_zone }
}

function followQuietHours(form: HTMLFormElement): void {
  const box = form.elements.namedItem('quiet') as HTMLInputElement
  const from = form.elements.namedItem('quiet_from') as HTMLInputElement
  const to = form.elements.namedItem('quiet_to') as HTMLInputElement
  const follow = () => {
    ;(form.querySelector('#quiet-hours') as HTMLElement).hidden = !box.checked
    // What is hidden keeps nobody from saving.
    from.disabled = to.disabled = !box.checked
    to.setCustomValidity(box.checked && from.value === to.value ? reader.t('notices.same') : '')
  }
  for (const each of [box, from, to]) each.addEventListener('input', follow)
  follow()
}

const isMissing = (name: DeviceSetting) => !(name === 'push' ? canPush() : canNotify())

async function toggle(button: HTMLElement, name: DeviceSetting): Promise<void> {
  const on = button.ariaChecked !== 'true'
  say(button)
  try {
    const problem = on ? await switchOn(name) : await switchOff(name)
    if (problem) say(button, problem)
    else button.ariaChecked = String(on)
  } catch {
    // The service is away, or the browser's own push service; what is of this device is done.
    button.ariaChecked = String(isOn(name))
    say(button, 'failed')
  }
}

async function switchOn(name: DeviceSetting): Promise<'missing' | 'denied' | undefined> {
  if (name === 'sound') {
    if (canRing()) await ring()
  } else {
    if (isMissing(name)) return 'missing'
    if (!(await isPermitted())) return 'denied'
  }
  if (name === 'push') {
    await register()
    await subscribe()
  }
  turn(name, true)
  return undefined
}

async function switchOff(name: DeviceSetting): Promise<undefined> {
  turn(name, false)
  if (name === 'push') await unsubscribe()
}

function say(button: HTMLElement, problem?: 'missing' | 'denied' | 'failed'): void {
  const note = button.nextElementSibling as HTMLElement
  note.textContent = problem ? reader.t(`notices.${problem}`) : ''
}
