--[[
Makes a session, and tells which of its user's are too many then: the oldest. They are ended once that is written down.

KEYS[1]  the session, a hash
KEYS[2]  the sessions of its user, a sorted set by the time they were made
ARGV[1]  id of the session
ARGV[2]  idle time, ms: without a refresh it ends after this
ARGV[3]  absolute time, ms: it ends after this whatever happens
ARGV[4]  fingerprint of the device
ARGV[5]  most sessions of a user
ARGV[6]  what precedes the id in the key of a session of this user: the same slot as KEYS
ARGV[7…] further fields and values of the hash, as given

Returns  { now, expiresAt, id, … }, ms since 1970: the time of the decision, the nearer of the two ends, and the ids of the
         sessions that are too many
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local absolute_end = now + tonumber(ARGV[3])
local expires_at = math.min(now + tonumber(ARGV[2]), absolute_end)

redis.call('HSET', KEYS[1],
  'c', now, 's', now, 'a', absolute_end, 'x', expires_at, 'n', 0, 'r', now, 'd', ARGV[4],
  unpack(ARGV, 7))
redis.call('PEXPIREAT', KEYS[1], expires_at)
redis.call('ZADD', KEYS[2], now, ARGV[1])
-- The index outlives its youngest session by nothing: it is renewed with each.
redis.call('PEXPIREAT', KEYS[2], absolute_end)

local answer = { now, expires_at }
local most = tonumber(ARGV[5])
if redis.call('ZCARD', KEYS[2]) <= most then return answer end
-- First those that ended by themselves, then the oldest.
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if redis.call('EXISTS', ARGV[6] .. id) == 0 then redis.call('ZREM', KEYS[2], id) end
end
local too_many = redis.call('ZCARD', KEYS[2]) - most
if too_many <= 0 then return answer end
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, too_many - 1)) do
  answer[#answer + 1] = id
end
return answer
