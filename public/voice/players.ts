import playerTemplate from '../../views/voice/player.eta'
import { lengthOf } from '../../views/voice/words.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'

const speeds = [1, 1.5, 2]
const stepSeconds = 5

let speed = speeds[0]!

/** Of all of them one plays at a time. */
let playing: HTMLAudioElement | undefined

/** Puts a player into each, in place of the browser's. */
export function fill(places: Iterable<HTMLElement>): void {
  for (const place of places) if (!place.hasAttribute('data-filled')) new Player(place)
}

class Player {
  #place: HTMLElement
  #audio: HTMLAudioElement
  #duration: number

  constructor(place: HTMLElement) {
    this.#place = place
    this.#audio = place.querySelector('audio')!
    const { duration, waveform } = place.dataset
    this.#duration = Number(duration) / 1000
    const peaks = waveform!.split(',').map(Number)
    place.innerHTML = renderTemplate(playerTemplate, { duration: Number(duration), peaks })
    place.setAttribute('data-filled', '')
    this.#audio.controls = false
    this.#audio.hidden = true
    place.append(this.#audio)
    this.#listen()
    this.#draw()
  }

  #listen(): void {
    for (const event of ['play', 'pause', 'ended', 'timeupdate', 'seeked', 'ratechange', 'error'])
      this.#audio.addEventListener(event, () => this.#draw())
    this.#audio.addEventListener('play', () => this.#begin())
    this.#audio.addEventListener('ended', () => {
      this.#audio.currentTime = 0
    })
    this.#place.addEventListener('click', ({ target }) => this.#click(target as Element))
    this.#place.addEventListener('keydown', (event) => this.#press(event))
    this.#part('seek').addEventListener('pointerdown', (event) => this.#drag(event))
  }

  #part = (name: string) => this.#place.querySelector<HTMLElement>(`[data-player="${name}"]`)!

  #begin(): void {
    if (playing !== this.#audio) playing?.pause()
    playing = this.#audio
  }

  #click(target: Element): void {
    const part = target.closest<HTMLElement>('[data-player]')?.dataset.player
    if (part === 'play') this.#toggle()
    if (part === 'speed') {
      speed = speeds[(speeds.indexOf(speed) + 1) % speeds.length]!
      this.#audio.playbackRate = speed
      this.#draw()
    }
  }

  #toggle(): void {
    if (!this.#audio.paused) return this.#audio.pause()
    this.#audio.defaultPlaybackRate = speed
    this.#audio.playbackRate = speed
    // Where it cannot be loaded, it says so itself.
    this.#audio.play().catch(() => {})
  }

  #press(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== this.#part('seek')) return
    const now = this.#audio.currentTime
    const goal: Record<string, number> = {
      ArrowRight: now + stepSeconds,
      ArrowUp: now + stepSeconds,
      ArrowLeft: now - stepSeconds,
      ArrowDown: now - stepSeconds,
      Home: 0,
      End: this.#duration,
    }
    if (event.key === ' ' || event.key === 'Enter') this.#toggle()
    else if (goal[event.key] === undefined) return
    else this.#seek(goal[event.key]!)
    // The log would go on to another message.
    event.preventDefault()
    event.stopPropagation()
  }

  #drag(event: PointerEvent): void {
    const wave = this.#part('seek')
    const follow = ({ clientX }: PointerEvent) => {
      const { left, width } = wave.getBoundingClientRect()
      this.#seek(((clientX - left) / width) * this.#duration)
    }
    follow(event)
    wave.setPointerCapture(event.pointerId)
    const dragging = new AbortController()
    wave.addEventListener('pointermove', follow, { signal: dragging.signal })
    for (const end of ['pointerup', 'pointercancel'])
      wave.addEventListener(end, () => dragging.abort(), { signal: dragging.signal })
  }

  #seek(seconds: number): void {
    this.#audio.currentTime = Math.max(0, Math.min(seconds, this.#duration))
    this.#draw()
  }

  #draw(): void {
    const { currentTime, paused, error } = this.#audio
    const { t, locale } = reader
    const [play, wave, button] = [this.#part('play'), this.#part('seek'), this.#part('speed')]
    play.classList.toggle('player__play--on', !paused)
    play.ariaLabel = play.title = t(paused ? 'voice.play' : 'voice.pause')
    wave.ariaValueNow = `${Math.round(currentTime)}`
    wave.ariaValueText = `${lengthOf(currentTime * 1000)} / ${lengthOf(this.#duration * 1000)}`
    const bars = [...wave.querySelectorAll('rect')]
    for (const [i, bar] of bars.entries())
      bar.classList.toggle('player__past', i < (bars.length * currentTime) / this.#duration)
    const isBegun = currentTime > 0
    this.#place.querySelector('.player__time')!.textContent = error
      ? t('voice.failed')
      : lengthOf((isBegun ? currentTime : this.#duration) * 1000)
    button.textContent = `${new Intl.NumberFormat(locale).format(speed)}×`
    button.ariaLabel = t('voice.speed', { speed: button.textContent })
  }
}
