import { limits } from '../contract/limits.ts'
import type { Kind } from './kind.ts'

/** How much of a name is read, from its end; the regular expressions take quadratic time. */
const ending = (name: string) => name.slice(-1000)

/** Line breaks and other controls, direction marks, lone surrogates; emoji joiners stay. */
const invisible = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu
/** Device names of Windows, with or without an extension. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i

/**
 * The name under which an attachment is shown and downloaded: the last part of the sent path, on one line, with an
 * extension that matches the content.
 */
export function cleanName(
  given: string,
  { extensions, replaced = [] }: Pick<Kind, 'extensions' | 'replaced'>,
): string {
  const name = ending(given)
    .normalize('NFC')
    .split(/[/\\]/)
    .at(-1)!
    .replace(invisible, '')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s.]+|[\s.]+$/gu, '')
  const found = [...extensions, ...replaced].includes(extensionOf(name))
    ? name.slice(name.lastIndexOf('.'))
    : ''
  const extension = extensions.includes(extensionOf(name)) ? found : ''
  const base = name.slice(0, name.length - found.length).replace(/[\s.]+$/u, '')
  const safe = reserved.test(base.split('.')[0]!) ? `_${base}` : base || 'file'
  const last = extension || `.${extensions[0]}`
  return [...safe].slice(0, limits.filenameCharacters - last.length).join('') + last
}

/** In lower case, without the dot; '' when there is none. The end of a date or a version is not an extension. */
export function extensionOf(name: string): string {
  return /\.([a-z][a-z0-9]{0,9}|3g[a-z0-9]{1,2}|7z)[\s.]*$/i.exec(ending(name))?.[1]?.toLowerCase() ?? ''
}
