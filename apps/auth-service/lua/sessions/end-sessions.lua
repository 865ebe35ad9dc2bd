--[[
Ends the sessions of a user that are of an earlier epoch. One may be left out: it goes on, in the new epoch.

KEYS[1]  the sessions of the user, a sorted set
ARGV[1]  what precedes the id in the key of a session of this user: the same slot as KEYS
ARGV[2]  the epoch; ARGV[3] id of the session that is left out, or ''

Returns  how many were ended
]]
local ended = 0
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local key = ARGV[1] .. id
  local epoch = redis.call('HGET', key, 'e')
  if not epoch then
    redis.call('ZREM', KEYS[1], id)
  elseif tonumber(epoch) < tonumber(ARGV[2]) then
    if id == ARGV[3] then
      redis.call('HSET', key, 'e', ARGV[2])
    else
      redis.call('DEL', key)
      redis.call('ZREM', KEYS[1], id)
      ended = ended + 1
    end
  end
end
return ended
