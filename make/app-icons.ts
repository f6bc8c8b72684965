import { readFile } from 'node:fs/promises'
import sharp from 'sharp'

const accent = '#0a66ff'
const favicon = await readFile(new URL('../public/favicon.svg', import.meta.url), 'utf8')
/** What is drawn, in a square of 32. */
const [, drawn = ''] = /<\/title>(.*)<\/svg>/s.exec(favicon) ?? []

/** The icon of the window, as large as a home screen wants it. */
export const makeIcon = (size: number) => () => picture(size, drawn)

/** On a ground that the system may cut into any shape: nothing of the sign is further from the middle than 40 %. */
export const makeMaskable = (size: number) => () =>
  picture(
    size,
    `<path fill="${accent}" d="M0 0h32v32H0z"/>${scaled(0.6, drawn.replaceAll(/#0a66ff|#fff/g, swapped))}`,
  )

/** Only its shape counts: the system colours it. */
export const makeBadge = (size: number) => () => {
  const [bubble] = /<path fill[^>]*>/.exec(drawn) ?? []
  const lines = drawn.replace(bubble!, '').replace('#fff', '#000')
  return picture(
    size,
    `<mask id="m">${bubble!.replace(accent, '#fff')}${lines}</mask><path fill="#fff" mask="url(#m)" d="M0 0h32v32H0z"/>`,
  )
}

const swapped = (colour: string) => (colour === accent ? '#fff' : accent)
const scaled = (by: number, inner: string) =>
  `<g transform="translate(${16 - 16 * by} ${16 - 16 * by}) scale(${by})">${inner}</g>`

const picture = (size: number, inner: string): Promise<Buffer> =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 32 32">${inner}</svg>`,
    ),
  )
    .png({ compressionLevel: 9 })
    .toBuffer()
