import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'
import { Eta } from 'eta'
import { templateOptions } from '../../views/words.ts'

const compiler = new Eta(templateOptions)

/** Turns `.eta` files into functions ahead of time: the CSP forbids the browser to compile them. */
export const templatePlugin: Plugin = {
  name: 'eta',
  setup(build) {
    build.onLoad({ filter: /\.eta$/ }, async ({ path }) => {
      const body = compiler.compileToString(await readFile(path, 'utf8'))
      return { contents: `export default function (it, options) {${body}}`, loader: 'js' }
    })
  },
}
