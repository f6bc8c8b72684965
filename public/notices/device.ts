import { page } from '../page.ts'

/** What a member has chosen for this browser. */
export type DeviceSetting = 'sound' | 'desktop' | 'push'

/** Only the sound is on before anybody has asked for it: the others need the browser's permission. */
const first: Record<DeviceSetting, boolean> = { sound: true, desktop: false, push: false }

// Another form than that of what signing out removes: it is still so when they are back.
const keyOf = (name: DeviceSetting) => `rozmowa.device.${name}.${page.me.id}`

export function isOn(name: DeviceSetting): boolean {
  try {
    const chosen = localStorage.getItem(keyOf(name))
    return chosen === null ? first[name] : chosen === 'on'
  } catch {
    return first[name]
  }
}

export function turn(name: DeviceSetting, on: boolean): void {
  try {
    localStorage.setItem(keyOf(name), on ? 'on' : 'off')
  } catch {
    // Storage is full or forbidden: it stays as it was.
  }
}

/** Whether the browser can show notices at all, in this place. */
export const canNotify = (): boolean => 'Notification' in globalThis && isSecureContext

/** Whether it can show them while no tab is open. */
export const canPush = (): boolean =>
  canNotify() && 'PushManager' in globalThis && 'serviceWorker' in navigator

/** After asking, if need be: to be called by a click. */
export const isPermitted = async (): Promise<boolean> =>
  (await Notification.requestPermission()) === 'granted'
