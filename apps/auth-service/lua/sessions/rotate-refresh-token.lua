--[[
Decides what a refresh token is worth and rotates it, in one step: of any number of callers with the same token exactly
one rotates. The decision is `rotateRefreshToken` of src/refresh-rotation/refresh-rotation.ts; a test holds both equal.

KEYS[1]  the session, a hash
KEYS[2]  the sessions of its user, a sorted set
ARGV[1]  id of the session
ARGV[2]  counter of the token
ARGV[3]  fingerprint of the device that shows it
ARGV[4]  reuse window, ms
ARGV[5]  idle time, ms

Returns  { 'gone' }                                        there is no such session
         { 'reused' }                                      it has ended just now
         { 'rotated' | 'replayed', now, field, value, … }  ms since 1970, then the whole hash
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stored = redis.call('HMGET', KEYS[1], 'n', 'r', 'd', 'a')
if not stored[1] then return { 'gone' } end

local counter, rotated_at, device = tonumber(stored[1]), tonumber(stored[2]), stored[3]
local presented = tonumber(ARGV[2])
local decision
if presented >= counter then
  decision = 'rotated'
elseif presented == counter - 1 and now - rotated_at <= tonumber(ARGV[4]) and ARGV[3] == device then
  decision = 'replayed'
else
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  return { 'reused' }
end

if decision == 'rotated' then
  local expires_at = math.min(now + tonumber(ARGV[5]), tonumber(stored[4]))
  redis.call('HSET', KEYS[1],
    'n', presented + 1, 'r', now, 'd', ARGV[3], 's', now, 'x', expires_at)
  redis.call('PEXPIREAT', KEYS[1], expires_at)
end
local answer = { decision, now }
for _, part in ipairs(redis.call('HGETALL', KEYS[1])) do answer[#answer + 1] = part end
return answer
