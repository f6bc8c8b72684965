import { afterAll } from 'vitest'
import { emptyFolder } from './folder.ts'
import { startRedis } from './redis.ts'

/** Runs before each test file, and so before anything reads the configuration. */

process.env.DATA_DIR = emptyFolder()

if (process.env.TEST_BUS === 'redis') {
  const redis = await startRedis()
  process.env.REDIS_URL = redis.url
  afterAll(() => redis.stop())
} else {
  delete process.env.REDIS_URL
}
