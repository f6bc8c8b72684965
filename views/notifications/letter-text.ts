import type { LetterPage } from './letter-page.ts'

/** The plain-text version. */
export function letterText({ title, count, messages, more, link, why, mute, off, say }: LetterPage): string {
  const messageParts = messages.map(({ sender, time, lines, files }) => [
    `${sender}, ${time}`,
    ...lines,
    ...files.map((name) => say('letter.file', { name })),
  ])
  const parts = [
    [title, count],
    ...messageParts,
    ...(more ? [[more]] : []),
    [`${say('letter.open')}:`, link],
    ['-- ', why, say('letter.answer')],
    ...(mute ? [[`${say('letter.mute')}:`, mute]] : []),
    [`${say('letter.off')}:`, off],
  ]
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}
