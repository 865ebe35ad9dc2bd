--[[
Notes that a refresh token was made and given to nobody: its predecessor is honoured until it is.

KEYS[1]  the session, a hash
ARGV[1]  counter of the token

Returns  1 when it was noted, 0 when the session has gone on or has ended
]]
if redis.call('HGET', KEYS[1], 'n') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'q', 1)
return 1
