import type { LetterPage } from './letter-page.ts'

/** The same letter for who reads mail as plain text. */
export function letterText({ title, count, messages, more, link, why, mute, off, say }: LetterPage): string {
  const told = messages.map(({ sender, time, lines, files }) => [
    `${sender}, ${time}`,
    ...lines,
    ...files.map((name) => say('letter.file', { name })),
  ])
  const parts = [
    [title, count],
    ...told,
    ...(more ? [[more]] : []),
    [`${say('letter.open')}:`, link],
    ['-- ', why, say('letter.answer')],
    [`${say('letter.mute')}:`, mute],
    [`${say('letter.off')}:`, off],
  ]
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}
