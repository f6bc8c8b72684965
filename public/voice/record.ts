import recordingTemplate from '../../views/voice/recording.eta'
import { lengthOf } from '../../views/voice/words.ts'
import { withTimestampName } from '../attachments/pasted.ts'
import { soundOf } from '../attachments/sound.ts'
import { isComposing } from '../keys.ts'
import { showNotice } from '../notice.ts'
import { element, reader } from '../page.ts'
import { renderTemplate, toElement } from '../render.ts'
import { peaksOf } from './peaks.ts'
import { Recorder, type Recording } from './recorder.ts'

/** As many as fit beside each other. */
const maxLevels = 60

let isOpen = false

/**
 * Records in place of the composer's row, until it is sent or given up.
 * @param send also gets what was recorded when the conversation is left: `signal` says so
 */
export async function record(
  form: HTMLElement,
  signal: AbortSignal,
  send: (file: File) => void,
): Promise<void> {
  if (isOpen) return
  isOpen = true
  try {
    const recorder = await Recorder.start()
    // While the browser asked, the conversation was left.
    if (signal.aborted) return void (await recorder.stop())
    const file = await shown(form, recorder, signal)
    if (file) send(file)
    else form.querySelector<HTMLElement>('[data-action="voice"]')?.focus()
  } catch (error) {
    const { name } = error as DOMException
    showNotice(reader.t(name === 'NotAllowedError' ? 'voice.forbidden' : 'voice.no_microphone'))
  } finally {
    isOpen = false
  }
}

/** @returns undefined when it is given up */
async function shown(form: HTMLElement, recorder: Recorder, signal: AbortSignal): Promise<File | undefined> {
  const bar = toElement(renderTemplate(recordingTemplate, {}))
  form.append(bar)
  form.classList.add('composer--recording')
  recorder.onTick = () => draw(bar, recorder)
  bar.querySelector<HTMLElement>('[data-voice="send"]')?.focus()
  element('announcer').textContent = reader.t('voice.recording')
  const isSent = await decision(bar, signal)
  recorder.onTick = () => {}
  const recording = await recorder.stop()
  bar.remove()
  form.classList.remove('composer--recording')
  return isSent ? fileOf(recording) : undefined
}

function decision(bar: HTMLElement, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  bar.addEventListener('click', ({ target }) => {
    const button = (target as Element).closest<HTMLElement>('[data-voice]')
    if (button) resolve(button.dataset.voice === 'send')
  })
  bar.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || isComposing(event)) return
    event.stopPropagation()
    resolve(false)
  })
  signal.addEventListener('abort', () => resolve(true), { once: true })
  return promise
}

function draw(bar: HTMLElement, recorder: Recorder): void {
  const { durationMs, levels, isDone } = recorder
  const find = (part: string) => bar.querySelector<HTMLElement>(`.recording__${part}`)!
  find('time').textContent = lengthOf(durationMs)
  bar.classList.toggle('recording--done', isDone)
  if (isDone) find('done').textContent = reader.t('voice.ended')
  const shownLevels = levels.slice(-maxLevels)
  find('levels').innerHTML = shownLevels
    .map(
      (level) =>
        `<svg viewBox="0 0 2 24"><rect width="2" y="${12 - 11 * level}" height="${2 + 20 * level}"/></svg>`,
    )
    .join('')
}

function fileOf({ content, durationMs, levels }: Recording): File {
  const ending = content.type.split('/')[1] ?? 'webm'
  const file = withTimestampName(
    new File([content], `image.${ending}`, { type: content.type }),
    reader.t('voice.title'),
  )
  soundOf.set(file, { duration_ms: durationMs, waveform: peaksOf(levels) })
  return file
}
