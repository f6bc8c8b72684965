import { refusals } from './client.ts'
import { benchClients } from './clients.ts'
import { benchCounting } from './counting.ts'
import { benchFanOut } from './fan-out.ts'
import { benchLargeGroup } from './large-group.ts'
import { benchLegacy } from './legacy.ts'
import { benchMails } from './mails.ts'
import { benchMillion } from './million.ts'
import { benchMinute } from './minute.ts'
import { readOptions } from './options.ts'
import { benchPage } from './page.ts'
import { benchPairs } from './pairs.ts'
import { benchRest } from './rest.ts'
import { benchSearch } from './search.ts'
import { benchSend } from './send.ts'
import { benchSoak } from './soak.ts'
import { startStack } from './stack.ts'
import { benchStorm } from './storm.ts'
import { type Figure, printFigures } from './targets.ts'

/** What `npm run bench` measures, each with a fresh worker, or those of them that are named. */
const table = {
  // Before there is anything in the database that a service at rest could be busy with.
  rest: benchRest,
  send: benchSend,
  'fan-out': benchFanOut,
  pairs: benchPairs,
  storm: benchStorm,
  page: benchPage,
  clients: benchClients,
  // The last, for the messages that it leaves behind.
  search: benchSearch,
}
/** What takes minutes: each by its name only. */
const further = { minute: benchMinute, soak: benchSoak, 'large-group': benchLargeGroup, legacy: benchLegacy }
/** Those that start the service as they need it. */
const alone = { million: benchMillion, mails: benchMails, counting: benchCounting }

const options = readOptions()
const { names, flags } = options
const known = Object.keys({ ...table, ...further, ...alone })
/** Nobody is mailed meanwhile: that is for `mails`. */
const settings = { EMAIL_DELAY_SECONDS: '86400' }
const start = performance.now()

async function run(): Promise<void> {
  for (const [name, bench] of Object.entries(alone)) if (names.includes(name)) await bench()
  const wanted = Object.entries({ ...table, ...further }).filter(([name]) =>
    names.length > 0 ? names.includes(name) : name in table,
  )
  if (wanted.length === 0) return
  const stack = await startStack()
  const figures: Figure[] = []
  try {
    for (const [, bench] of wanted) {
      const service = await stack.startService(flags, settings)
      figures.push(...((await bench(stack, service, options).finally(() => service.stop())) ?? []))
    }
  } finally {
    await stack.stop()
  }
  if (figures.length > 0) printFigures(figures)
}

const unknown = names.find((name) => !known.includes(name))
if (unknown) process.stderr.write(`There is no bench ${unknown}, only ${known.join(', ')}\n`)
else await run()
if (refusals.count > 0) process.stdout.write(`\n${refusals.count} requests were answered 503 and repeated\n`)
process.stdout.write(`\nMeasured in ${Math.round((performance.now() - start) / 1000)} s\n`)
process.exit(unknown ? 2 : 0)
