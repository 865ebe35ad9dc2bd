--[[
Ends a session.

KEYS[1]  the session, a hash
KEYS[2]  the sessions of its user, a sorted set
ARGV[1]  id of the session

Returns  1 when it was there, 0 when it had ended before
]]
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])
