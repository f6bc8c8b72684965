/**
 * The register's steps in Redis, each atomic. Milliseconds by the clock of Redis, which is the same for all workers.
 *
 *     KEYS 1  present users → latest expiry of their devices
 *     KEYS 2  users who are not away → last activity; kept beyond their leaving, for who comes back
 *     KEYS 3  users who are away → last activity; 0 when none is known
 *     KEYS 4  devices of a user → expiry; 0 for one that waits for a heartbeat
 */
const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

/**
 * KEYS: 1 to 3, then the devices of each user. ARGV: grace, then of each user: step, user, session, stream, activity,
 * for how long it counts. Returns of each nothing, or status, now and last activity.
 */
export const enter = `${now}
local grace = tonumber(ARGV[1])

local function enter(devices, step, user, session, stream, activity, lasts)
  local expiry = now + lasts
  session = session .. '/'
  local device = session .. stream
  if step == 'arrive' then
    redis.call('ZADD', devices, expiry, device)
  elseif step == 'know' then
    redis.call('ZADD', devices, 'NX', 0, device)
  elseif step == 'beat' then
    redis.call('ZREM', devices, session)
    local found = false
    for _, each in ipairs(redis.call('ZRANGE', devices, 0, -1)) do
      if string.sub(each, 1, #session) == session then
        redis.call('ZADD', devices, expiry, each)
        found = true
      end
    end
    if not found then redis.call('ZADD', devices, expiry, session) end
  elseif step == 'leave' then
    local kept = tonumber(redis.call('ZSCORE', devices, device) or 0)
    redis.call('ZREM', devices, device)
    if kept > now then redis.call('ZADD', devices, now + grace, '/leaving') end
  end

  local latest = tonumber(redis.call('ZREVRANGE', devices, 0, 0, 'WITHSCORES')[2] or 0)
  -- Not sooner than the device that is kept longest, whatever this one is.
  redis.call('PEXPIRE', devices, math.max(2 * lasts, latest - now))
  if latest <= now then return false end
  local isNew = not redis.call('ZSCORE', KEYS[1], user)
  redis.call('ZADD', KEYS[1], latest, user)

  if activity == 'yes' or (activity == 'if-new' and isNew) then
    local woke = redis.call('ZREM', KEYS[3], user) == 1
    redis.call('ZADD', KEYS[2], now, user)
    if isNew or woke then return {'online', tostring(now), tostring(now)} end
  elseif isNew then
    local seen = redis.call('ZSCORE', KEYS[2], user)
    if seen then return {'online', tostring(now), seen} end
    redis.call('ZADD', KEYS[3], 0, user)
    return {'away', tostring(now), '0'}
  end
  return false
end

local changes = {}
for i = 1, #KEYS - 3 do
  changes[i] = enter(KEYS[3 + i], unpack(ARGV, 6 * i - 4, 6 * i + 1))
end
return changes
`

/** KEYS: 1 to 3. ARGV: awayAfter, how many at most. Returns user, status, now and last activity of each, in one row. */
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
