import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('../../public/styles/', import.meta.url)
const sheets = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.css'),
)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')
/** Shadows grow with nothing, and nothing may be smaller than 12 px, or 16 where a phone would zoom in. */
const fixed = /shadow|@import|max\(1[26]px/

/** Those that pages link to. */
const linked = ['main.css', 'directory.css', 'scriptless.css']

test('every other sheet is imported exactly once', () => {
  const brought = linked.flatMap((name) =>
    [...read(name).matchAll(/@import "(.+)";/g)].map(([, each]) => each),
  )
  expect(brought.sort()).toEqual(sheets.filter((name) => !linked.includes(name)).sort())
})

test.each(sheets)('all sizes in %s grow with the text: from 4 px on they are in rem or em', (name) => {
  const found = read(name)
    .split('\n')
    .filter((line) => !fixed.test(line) && /(?<![\d.])(?:[4-9]|\d{2,})(?:\.\d+)?px/.test(line))
  expect(found).toEqual([])
})

const names = `
  aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown
  burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue
  darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange
  darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise
  darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia
  gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo
  ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
  lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue
  lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon
  mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue
  mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin
  navajowhite navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen
  paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple rebeccapurple red
  rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue
  slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white
  whitesmoke yellow yellowgreen
`
const colour = new RegExp(
  String.raw`#[\da-f]{3,8}\b|\b(?:rgb|hsl|hwb|(?:ok)?lab|(?:ok)?lch|color|color-mix|light-dark)a?\(|(?<![\w-])(?:${names.trim().replace(/\s+/g, '|')})(?![\w-])`,
  'i',
)
/** What is set, without comments, texts and the names of tokens; system colours may stand anywhere. */
const valuesOf = (sheet: string) =>
  [...sheet.replace(/\/\*.*?\*\/|"[^"]*"/gs, '').matchAll(/[\w-]\s*:\s([^;{}]+);/g)].map(([, value]) => value)

test.each(sheets.filter((name) => name !== 'tokens.css'))('there is no colour in %s', (name) => {
  expect(valuesOf(read(name)).filter((value) => colour.test(value!))).toEqual([])
})

test.each([
  ...['#fff', '#12345680', 'rgb(0 0 0 / 20%)', 'rgba(0, 0, 0, 0.2)', 'hsl(var(--hue) 60% 24%)', 'white'],
  ...['1px solid RebeccaPurple', 'light-dark(var(--text), var(--page))', 'oklch(60% 0.1 200)'],
  'color-mix(in srgb, var(--accent) 50%, transparent)',
])('%s is a colour', (value) => {
  expect(valuesOf(`a {\n  border-color: ${value};\n}`).filter((value) => colour.test(value!))).toEqual([
    value,
  ])
})

test('the browser’s theme colour is that of the sidebar', () => {
  const side = /--side: light-dark\((.+), (.+)\);/.exec(read('tokens.css'))?.slice(1)
  const layout = readFileSync(new URL('../../views/layout.eta', folder), 'utf8')
  expect([...layout.matchAll(/name="theme-color" content="(.+?)"/g)].map(([, colour]) => colour)).toEqual(
    side,
  )
})
