import { expect, test } from 'vitest'
import { freshDatabase } from '../server/testing/postgres.ts'
import { report } from './report.ts'
import { startRig } from './rig.ts'
import { runFuzz } from './run.ts'

test('nothing breaks, hangs or is told to those whom it is no concern of, whatever is asked', async () => {
  const rig = await startRig(await freshDatabase())
  try {
    const options = { seed: 4, requests: 700 }
    const outcome = await runFuzz(rig, options)
    expect([...outcome.findings.keys()], report(options, outcome)).toEqual([])
    const answered = [...outcome.successes.values()].filter((times) => times > 0)
    // A run that is only ever refused would find nothing.
    expect(answered.length).toBeGreaterThan(50)
    expect(
      [200, 201, 204, 400, 401, 403, 404, 413, 415].filter((each) => !outcome.statuses.has(each)),
    ).toEqual([])
  } finally {
    await rig.close()
  }
})
