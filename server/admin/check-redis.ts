import { config } from '../config.ts'
import { openRedis } from '../live/redis.ts'
import type { RedisConnection } from '../live/redis-connection.ts'
import { attempt, type Finding, fail, ok, warn } from './finding.ts'

export async function checkRedis(): Promise<Finding[]> {
  const { redisUrl } = config
  if (!redisUrl)
    return [ok('Redis', 'not used: there is a single worker (with REDIS_URL there is one per core)')]
  return attempt('Redis', 'start Redis, or correct REDIS_URL', async () => {
    const redis = await openRedis(redisUrl, 'doctor')
    try {
      return await examine(redis)
    } finally {
      redis.disconnect()
    }
  })
}

async function examine(redis: RedisConnection): Promise<Finding[]> {
  const info = await redis.info()
  const field = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? ''
  const version = field('redis_version')
  return [
    Number.parseInt(version, 10) >= 7
      ? ok('Redis', `version ${version}, ${field('used_memory_human')} used`)
      : fail('Redis', `version ${version} is too old`, 'upgrade to 7 or later'),
    ...(field('aof_enabled') === '1'
      ? []
      : [
          warn(
            'Redis',
            'appendonly is off: a restart empties it, and sessions are then read from PostgreSQL',
            'set “appendonly yes” in redis.conf',
          ),
        ]),
    ...(field('maxmemory_policy') === 'noeviction' || field('maxmemory') === '0'
      ? []
      : [warn('Redis', `evicts data: ${field('maxmemory_policy')}`, 'set “maxmemory-policy noeviction”')]),
  ]
}
