const variation = '\ufe0f'
const single = /^\p{RGI_Emoji}$/v
/** What would be drawn as text without the variation selector: all but what a skin tone makes an emoji. */
const needsVariation =
  /[0-9#*](?=\u20e3)|[\p{Emoji}--\p{Emoji_Presentation}--[0-9#*]](?!\p{Emoji_Modifier})/gv

/** With every emoji in its fully qualified form (UTS #51), however much of that was typed: ❤ → ❤️. */
export const qualified = (text: string): string =>
  text.replaceAll(variation, '').replace(needsVariation, `$&${variation}`)

/** One emoji and nothing else, a sequence that Unicode recommends; fully qualified, so at most 10 code points. */
export function oneEmoji(text: string): string | undefined {
  const emoji = qualified(text)
  return single.test(emoji) ? emoji : undefined
}
