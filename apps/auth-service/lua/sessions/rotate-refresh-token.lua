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
local stored = redis.call('HMGET', KEYS[1], 'n', 'r', 'd', 'a', 'q', 'g')
if not stored[1] then return { 'gone' } end

local counter, device = tonumber(stored[1]), stored[3]
-- 'q': nobody was given the newest token; 'g': it was given late, and when.
local unanswered, given_at = stored[5], tonumber(stored[6] or stored[2])
local presented = tonumber(ARGV[1])
local decision
if presented >= counter then
  decision = 'rotated'
elseif presented == counter - 1 and ARGV[2] == device and (unanswered or now - given_at <= tonumber(ARGV[3])) then
  decision = 'replayed'
else
  decision = 'reused'
end

if decision == 'rotated' then
  local expires_at = math.min(now + tonumber(ARGV[4]), tonumber(stored[4]))
  redis.call('HSET', KEYS[1],
    'n', presented + 1, 'r', now, 'd', ARGV[2], 's', now, 'x', expires_at)
  if unanswered or stored[6] then redis.call('HDEL', KEYS[1], 'q', 'g') end
  redis.call('PEXPIREAT', KEYS[1], expires_at)
elseif decision == 'replayed' and unanswered then
  redis.call('HDEL', KEYS[1], 'q')
  redis.call('HSET', KEYS[1], 'g', now)
end
local answer = { decision, now }
for _, part in ipairs(redis.call('HGETALL', KEYS[1])) do answer[#answer + 1] = part end
return answer
