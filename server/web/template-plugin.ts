import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { Eta } from 'eta'
import { templateOptions } from '../../views/words.ts'

const views = fileURLToPath(new URL('../../views/', import.meta.url))
const compiler = new Eta(templateOptions)

/**
 * Turns `.eta` files into functions ahead of time: the CSP forbids the browser to compile them. Each brings the
 * templates that it includes by name, and hands them to `render` as its options.
 */
export const templatePlugin: Plugin = {
  name: 'eta',
  setup(build) {
    build.onLoad({ filter: /\.eta$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const names = [...new Set(Array.from(source.matchAll(/include\('([^']+)'/g), ([, name]) => name))]
      const imports = names.map((name, i) => `import t${i} from ${JSON.stringify(`${views}${name}.eta`)}`)
      const parts = `{ ${names.map((name, i) => `${JSON.stringify(name)}: t${i}`).join(', ')} }`
      const body = compiler.compileToString(source)
      return {
        contents: `${imports.join('\n')}\nexport default function (it, options = ${parts}) {${body}}`,
        loader: 'js',
      }
    })
  },
}
