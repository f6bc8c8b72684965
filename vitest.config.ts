import { defineConfig } from 'vitest/config'

/** Run once, for no bus is in play; those of `server/db` need the database all the same. */
const unit = ['{public,views}/**/*.test.ts', 'server/**/*.unit.test.ts', 'server/{db,testing}/**/*.test.ts']

/** The same files against either bus: `TEST_BUS` tells a test which, `setup.ts` brings it. */
const integration = (bus: 'in-process' | 'redis') => ({
  test: {
    name: bus,
    // Vite has a BASE_URL of its own.
    env: { TEST_BUS: bus, BASE_URL: '' },
    include: ['server/**/*.test.ts'],
    exclude: unit,
    setupFiles: ['server/testing/setup.ts'],
    testTimeout: 15_000,
    hookTimeout: 30_000,
  },
})

export default defineConfig({
  test: {
    pool: 'forks',
    globalSetup: ['server/testing/postgres.ts'],
    reporters: ['default', 'server/testing/tally.ts'],
    projects: [
      { test: { name: 'unit', env: { BASE_URL: '' }, include: unit, testTimeout: 30_000 } },
      integration('in-process'),
      integration('redis'),
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          setupFiles: ['server/testing/setup.ts'],
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // After the others: a busy machine makes a browser miss its moments.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
