import { fold } from '../../views/people/names.ts'

/** How a form is made of a stem that fits: so much is taken off its end, and this put there. */
interface Suffix {
  off: string
  on: string
  fits: RegExp
}

/** The rules of a Hunspell dictionary, as far as they make forms: suffixes, and prefixes that stand before any of them. */
export class Affixes {
  readonly #suffixes = new Map<string, Suffix[]>()
  readonly #prefixes = new Map<string, string[]>()
  /** What suffixes put on a stem, folded, and what they take off for it. */
  readonly #endings = new Map<string, Set<string>>()
  #longest = 0

  /** @param text the file that ends in `.aff` */
  constructor(text: string) {
    const shared = new Map<string, RegExp>()
    for (const line of text.split('\n')) {
      const [kind, flag, off, put, condition] = line.trim().split(/\s+/)
      if ((kind !== 'SFX' && kind !== 'PFX') || !condition) continue
      const on = put === '0' ? '' : put!.split('/')[0]!
      if (kind === 'PFX') listIn(this.#prefixes, flag!).push(on)
      else {
        const fits = shared.get(condition) ?? new RegExp(`${condition}$`)
        shared.set(condition, fits)
        this.#add(flag!, { off: off === '0' ? '' : off!, on, fits })
      }
    }
  }

  #add(flag: string, suffix: Suffix): void {
    listIn(this.#suffixes, flag).push(suffix)
    const ending = fold(suffix.on)
    const taken = this.#endings.get(ending) ?? new Set()
    this.#endings.set(ending, taken.add(fold(suffix.off)))
    this.#longest = Math.max(this.#longest, ending.length)
  }

  /** Every prefix that a word may begin with, `''` first. */
  prefixesOf(word: string): string[] {
    const all = [...this.#prefixes.values()].flat().filter((prefix) => word.startsWith(fold(prefix)))
    return ['', ...new Set(all)]
  }

  /** What a folded word may be a form of, itself included; folded. */
  stemsOf(word: string): Set<string> {
    const stems = new Set([word])
    for (let length = 0; length <= Math.min(this.#longest, word.length - 1); length++) {
      const rest = word.slice(0, word.length - length)
      for (const off of this.#endings.get(word.slice(rest.length)) ?? []) stems.add(rest + off)
    }
    return stems
  }

  /** The forms of a stem with these flags, itself first. @param prefix what stands before each; `''` for nothing */
  formsOf(stem: string, flags: string, prefix: string): string[] {
    const all = [...flags]
    if (prefix && !all.some((flag) => this.#prefixes.get(flag)?.includes(prefix))) return []
    const suffixes = all.flatMap((flag) => this.#suffixes.get(flag) ?? [])
    const made = suffixes
      .filter(({ off, fits }) => stem.endsWith(off) && fits.test(stem))
      .map(({ off, on }) => stem.slice(0, stem.length - off.length) + on)
    return [stem, ...made].map((form) => prefix + form)
  }
}

function listIn<T>(map: Map<string, T[]>, key: string): T[] {
  const list = map.get(key) ?? []
  map.set(key, list)
  return list
}
