const variation = '\ufe0f'
const single = /^\p{RGI_Emoji}$/v
/** Shown as text without a variation selector, unless a skin tone follows. */
const needsVariation =
  /[0-9#*](?=\u20e3)|[\p{Emoji}--\p{Emoji_Presentation}--[0-9#*]](?!\p{Emoji_Modifier})/gv

/** With every emoji fully qualified (UTS #51): ❤ → ❤️. */
export const qualified = (text: string): string =>
  text.replaceAll(variation, '').replace(needsVariation, `$&${variation}`)

/** @returns the text, fully qualified, if it is a single recommended emoji; that has at most 10 code points */
export function oneEmoji(text: string): string | undefined {
  const emoji = qualified(text)
  return single.test(emoji) ? emoji : undefined
}
