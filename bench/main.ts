import { benchFanOut } from './fan-out.ts'
import { benchLegacy } from './legacy.ts'
import { benchMails } from './mails.ts'
import { benchMemory } from './memory.ts'
import { benchMillion } from './million.ts'
import { benchPage } from './page.ts'
import { benchSend } from './send.ts'
import { startStack } from './stack.ts'

const benches = {
  page: benchPage,
  send: benchSend,
  'fan-out': benchFanOut,
  memory: benchMemory,
  legacy: benchLegacy,
}

/** `npm run bench` runs all but the million and the mails, which take minutes; `npm run bench -- send` one; `--cpu-prof` profiles the service. */
const names = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const flags = process.argv.slice(2).filter((word) => word.startsWith('-'))
if (names.includes('million')) await benchMillion()
else if (names.includes('mails')) await benchMails()
else {
  const stack = await startStack()
  try {
    for (const [name, bench] of Object.entries(benches)) {
      if (names.length > 0 && !names.includes(name)) continue
      // Each finds a fresh worker.
      const service = await stack.startService(flags)
      await bench(stack, service).finally(() => service.stop())
    }
  } finally {
    await stack.stop()
  }
}
process.exit(0)
