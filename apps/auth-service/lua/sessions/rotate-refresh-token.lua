--[[
Decides what a refresh token is worth and rotates it, in one step: of any number of callers with the same token exactly
one rotates. The decision is `rotateRefreshToken` of src/refresh-rotation/refresh-rotation.ts; a test holds both equal.

A reused token changes nothing here: the session ends once that is written down.

KEYS[1]  the session, a hash
ARGV[1]  counter of the token
ARGV[2]  fingerprint of the device that shows it
ARGV[3]  reuse window, ms
ARGV[4]  idle time, ms

Returns  { 'gone' }                                                    there is no such session
         { 'rotated' | 'replayed' | 'reused', now, field, value, … }  ms since 1970, then the whole hash
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stored = redis.call('HMGET', KEYS[1], 'n', 'r', 'd', 'a')
if not stored[1] then return { 'gone' } end

local counter, rotated_at, device = tonumber(stored[1]), tonumber(stored[2]), stored[3]
local presented = tonumber(ARGV[1])
local decision
if presented >= counter then
  decision = 'rotated'
elseif presented == counter - 1 and now - rotated_at <= tonumber(ARGV[3]) and ARGV[2] == device then
  decision = 'replayed'
else
  decision = 'reused'
end

if decision == 'rotated' then
  local expires_at = math.min(now + tonumber(ARGV[4]), tonumber(stored[4]))
  redis.call('HSET', KEYS[1],
    'n', presented + 1, 'r', now, 'd', ARGV[2], 's', now, 'x', expires_at)
  redis.call('PEXPIREAT', KEYS[1], expires_at)
end
local answer = { decision, now }
for _, part in ipairs(redis.call('HGETALL', KEYS[1])) do answer[#answer + 1] = part end
return answer
