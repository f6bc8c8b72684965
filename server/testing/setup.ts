import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, inject } from 'vitest'
import { startRedis } from './redis.ts'

/** Runs before each test file, and so before anything reads the configuration. */

process.env.DATA_DIR = mkdtempSync(join(inject('folder'), 'data-'))

if (process.env.TEST_BUS === 'redis') {
  const redis = await startRedis()
  process.env.REDIS_URL = redis.url
  afterAll(() => redis.stop())
} else {
  delete process.env.REDIS_URL
}
