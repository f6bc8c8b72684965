/**
 * The register's steps in Redis, each atomic. Milliseconds by the clock of Redis, which is the same for all workers.
 *
 *     KEYS 1  devices of one user → expiry; 0 for one that waits for a heartbeat
 *     KEYS 2  present users → latest expiry of their devices
 *     KEYS 3  users who are not away → last activity; kept beyond their leaving, for who comes back
 *     KEYS 4  users who are away → last activity; 0 when none is known
 */
const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

/** ARGV: step, user, session, stream, activity, ttl, grace. Returns nothing, or status, now and last activity. */
export const enter = `${now}
local step, user, session, activity = ARGV[1], ARGV[2], ARGV[3] .. '/', ARGV[5]
local device, ttl, grace = session .. ARGV[4], tonumber(ARGV[6]), tonumber(ARGV[7])

if step == 'arrive' then
  redis.call('ZADD', KEYS[1], now + ttl, device)
elseif step == 'know' then
  redis.call('ZADD', KEYS[1], 'NX', 0, device)
elseif step == 'beat' then
  redis.call('ZREM', KEYS[1], session)
  local found = false
  for _, each in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    if string.sub(each, 1, #session) == session then
      redis.call('ZADD', KEYS[1], now + ttl, each)
      found = true
    end
  end
  if not found then redis.call('ZADD', KEYS[1], now + ttl, session) end
elseif step == 'leave' then
  local expiry = tonumber(redis.call('ZSCORE', KEYS[1], device) or 0)
  redis.call('ZREM', KEYS[1], device)
  if expiry > now then redis.call('ZADD', KEYS[1], now + grace, '/leaving') end
end
redis.call('PEXPIRE', KEYS[1], 2 * ttl)

local latest = tonumber(redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] or 0)
if latest <= now then return nil end
local isNew = not redis.call('ZSCORE', KEYS[2], user)
redis.call('ZADD', KEYS[2], latest, user)

if activity == 'yes' or (activity == 'if-new' and isNew) then
  local woke = redis.call('ZREM', KEYS[4], user) == 1
  redis.call('ZADD', KEYS[3], now, user)
  if isNew or woke then return {'online', tostring(now), tostring(now)} end
elseif isNew then
  local seen = redis.call('ZSCORE', KEYS[3], user)
  if seen then return {'online', tostring(now), seen} end
  redis.call('ZADD', KEYS[4], 0, user)
  return {'away', tostring(now), '0'}
end
return nil
`

/** KEYS: those of 2 to 4. ARGV: awayAfter, how many at most. Returns user, status, now and last activity of each, in one row. */
export const sweep = `${now}
local changes = {}
local function add(user, status, seen)
  for _, each in ipairs({user, status, tostring(now), seen}) do changes[#changes + 1] = each end
end
for _, user in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])) do
  redis.call('ZREM', KEYS[1], user)
  add(user, 'offline', redis.call('ZSCORE', KEYS[2], user) or redis.call('ZSCORE', KEYS[3], user) or '0')
  redis.call('ZREM', KEYS[3], user)
end
local idle = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
for i = 1, #idle, 2 do
  redis.call('ZREM', KEYS[2], idle[i])
  if redis.call('ZSCORE', KEYS[1], idle[i]) then
    redis.call('ZADD', KEYS[3], idle[i + 1], idle[i])
    add(idle[i], 'away', idle[i + 1])
  end
end
return changes
`
