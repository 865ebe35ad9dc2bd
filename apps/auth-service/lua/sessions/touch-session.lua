--[[
Notes that a session is in use, at most once in a while.

KEYS[1]  the session, a hash
ARGV[1]  how often at most, ms

Returns  1 when it was noted, 0 when it had been lately, -1 when there is no such session
]]
local seen = redis.call('HGET', KEYS[1], 's')
if not seen then return -1 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now - tonumber(seen) < tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 's', now)
return 1
