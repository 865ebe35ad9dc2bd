--[[
Makes a session.

KEYS[1]  the session, a hash
KEYS[2]  the sessions of its user, a sorted set by the time they were made
ARGV[1]  id of the session
ARGV[2]  idle time, ms: without a refresh it ends after this
ARGV[3]  absolute time, ms: it ends after this whatever happens
ARGV[4]  fingerprint of the device
ARGV[5…] further fields and values of the hash, as given

Returns  { now, expiresAt }, ms since 1970: the time of the decision and the nearer of the two ends.
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local absolute_end = now + tonumber(ARGV[3])
local expires_at = math.min(now + tonumber(ARGV[2]), absolute_end)

redis.call('HSET', KEYS[1],
  'created', now, 'seen', now, 'end', absolute_end, 'expires', expires_at, 'counter', 0, 'rotated', now, 'device', ARGV[4],
  unpack(ARGV, 5))
redis.call('PEXPIREAT', KEYS[1], expires_at)
redis.call('ZADD', KEYS[2], now, ARGV[1])
-- The index outlives its youngest session by nothing: it is renewed with each, and members that have gone are dropped on reading.
redis.call('PEXPIREAT', KEYS[2], absolute_end)
return { now, expires_at }
