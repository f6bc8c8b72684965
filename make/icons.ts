import { readFile } from 'node:fs/promises'

/** The icons in use, by their names in Lucide (https://lucide.dev/icons). */
export const icons = [
  'archive-restore',
  'archive',
  'arrow-down',
  'arrow-left',
  'bell-off',
  'bell',
  'bold',
  'calendar',
  'chart-bar-big',
  'check-check',
  'check',
  'chevron-left',
  'chevron-right',
  'circle-alert',
  'clock',
  'code',
  'copy',
  'download',
  'file',
  'forward',
  'image',
  'images',
  'info',
  'italic',
  'keyboard',
  'link',
  'list-indent-decrease',
  'list-indent-increase',
  'list-ordered',
  'list',
  'log-out',
  'mail-open',
  'mail',
  'message-circle',
  'messages-square',
  'mic',
  'paperclip',
  'pause',
  'pencil',
  'pin-off',
  'pin',
  'play',
  'printer',
  'reply',
  'rotate-cw',
  'search-x',
  'search',
  'send-horizontal',
  'settings',
  'sliders-horizontal',
  'smile-plus',
  'smile',
  'square-pen',
  'star-off',
  'star',
  'strikethrough',
  'text-quote',
  'trash-2',
  'type',
  'underline',
  'upload',
  'user-minus',
  'user-plus',
  'user',
  'users',
  'wifi-off',
  'x',
]

/**
 * `public/icons.svg`: each icon as a `<symbol>`. From lucide-static (ISC License, Copyright (c) Lucide Icons and
 * Contributors; parts from Feather, MIT License, Copyright (c) Cole Bemis).
 */
export async function makeIcons(): Promise<string> {
  const { version } = JSON.parse(await read('package.json'))
  const symbols = await Promise.all(icons.map(symbolOf))
  return `<!-- Icons of lucide-static ${version}, ISC License, Copyright (c) Lucide Icons and Contributors; parts from Feather, MIT License, Copyright (c) Cole Bemis. https://lucide.dev/license -->
<svg xmlns="http://www.w3.org/2000/svg"><title>Rozmowa</title>
${symbols.join('\n')}
</svg>
`
}

async function symbolOf(name: string): Promise<string> {
  const [, inner = ''] = /<svg[^>]*>(.*)<\/svg>/s.exec(await read(`icons/${name}.svg`)) ?? []
  const shapes = inner.trim().replace(/\s*\n\s*/g, '')
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`
}

const read = (file: string) => readFile(new URL(import.meta.resolve(`lucide-static/${file}`)), 'utf8')
