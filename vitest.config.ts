import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** What needs neither database nor Redis nor a process of its own. */
const unit = ['{public,views,make}/**/*.test.ts', '{server,chaos,fuzz}/**/*.unit.test.ts']

/** What starts for itself what it needs: services, commands, databases, proxies. */
const processes = [
  'nginx/*.test.ts',
  'fuzz/fuzz.test.ts',
  '{server,mutants}/**/*.process.test.ts',
  'server/{db,testing}/**/*.test.ts',
]

/** Run on one bus alone: of bus, streams, sessions and limits they know only what the other features make of them. */
const onceOnly = [
  'server/{attachments,docs,jobs,legacy,notifications,pages,polls,previews,reactions,search,tokens}/**/*.test.ts',
  // What they have in common, sockets.test.ts, runs on both.
  'server/clients/*/*.test.ts',
  'server/conversations/access.test.ts',
  'server/web/bad-input.test.ts',
]

/** Hundreds of processes compile the same modules: half of what it takes each to start. */
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled')

/** Vite sets a BASE_URL of its own, which is no address. */
const env = { BASE_URL: '' }

/** Loaded as in production, without Vite in between, which takes half as long again. */
const asNodeRunsIt = /\/(server|views)\/(?!.*\.test\.ts)/

/** How long `expect.poll` waits; a second, its default, is little on a busy machine. */
const patient = { poll: { timeout: 10_000 } }

/** The same files against either bus: `TEST_BUS` says which, `setup.ts` starts it. */
const integration = (bus: 'in-process' | 'redis', elsewhere: string[] = []) => ({
  test: {
    name: bus,
    env: { TEST_BUS: bus, ...env },
    include: ['server/**/*.test.ts'],
    exclude: [...unit, ...processes, ...elsewhere],
    setupFiles: ['server/testing/setup.ts'],
    testTimeout: 60_000,
    expect: patient,
    server: { deps: { external: [asNodeRunsIt] } },
    hookTimeout: 30_000,
  },
})

const browser = {
  env,
  globalSetup: ['server/testing/browser.ts'],
  setupFiles: ['server/testing/setup.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  server: { deps: { external: [asNodeRunsIt] } },
}
/** It measures, and so runs alone. */
const latency = 'e2e/latency.test.ts'

export default defineConfig({
  test: {
    pool: 'forks',
    // One more than the two cores there may be: a third of the time of these tests is waiting.
    maxWorkers: 3,
    // A PostgreSQL with hundreds of databases writes them down first; what is cut short here stays behind.
    teardownTimeout: 30_000,
    globalSetup: ['server/testing/postgres.ts'],
    reporters: ['default', './server/testing/tally.ts'],
    projects: [
      integration('in-process'),
      {
        test: {
          name: 'processes',
          env,
          include: processes,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: patient,
        },
      },
      integration('redis', onceOnly),
      // Last, as vitest goes by the names: the shortest files end a run with both cores busy.
      { test: { name: 'unit', env, include: unit, testTimeout: 30_000 } },
      {
        test: {
          ...browser,
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: [latency],
          // After the others: beside a service that starts, a browser would wait for its turn; and so it would beside
          // two others.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: { ...browser, name: 'latency', include: [latency], maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
      {
        test: {
          name: 'chaos',
          env,
          include: ['chaos/chaos.test.ts'],
          maxWorkers: 1,
          testTimeout: 120_000,
          // Alone: it needs the machine, and would take it from the others.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
