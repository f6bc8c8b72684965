import { join } from 'node:path'
import { createVitest } from 'vitest/node'
import { end, forksOf } from './processes.ts'
import type { Order, Ran, Test } from './protocol.ts'

/** Runs test files of the copy in the working directory, one after the other, as the orders come. */

const root = process.cwd()
const vitest = await createVitest('test', { root, watch: false, bail: 1, maxWorkers: 1, reporters: [{}] })
const specifications = await vitest.globTestSpecifications()
const answer = (message: 'ready' | Ran) => process.send!(message)

process.on('message', async (order: Order) => {
  if ('changed' in order) return vitest.invalidateFile(join(root, order.changed))
  const began = performance.now()
  const failed = await run(order.run)
  answer({ failed, ms: Math.round(performance.now() - began) })
})
process.once('disconnect', () => vitest.close().finally(() => process.exit()))
answer('ready')

/** @returns what failed */
async function run({ project, file, limit }: Test & { limit: number }): Promise<string | undefined> {
  const path = join(root, file)
  const wanted = specifications.filter((each) => each.moduleId === path && each.project.name === project)
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    for (const fork of forksOf(process.pid)) end(fork)
  }, limit)
  // Otherwise what ran before counts once more.
  vitest.state.filesMap.clear()
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(wanted)
  clearTimeout(timer)
  if (isLate) return 'the time limit'
  const failed = testModules.flatMap((module) => [...module.children.allTests('failed')])
  const isWell = testModules.length === 1 && testModules[0]!.ok() && unhandledErrors.length === 0
  return failed[0]?.fullName ?? (isWell ? undefined : 'the file itself')
}
