--[[
Keeps the last head of the log that is signed; never a smaller one, nor another one of the same size.

KEYS[1]  the head, a hash of `size` and `text`
ARGV[1]  its size
ARGV[2]  its text: name, size and root of the log

Returns  1 when it is there now, 0 when one is there that it does not go on from
]]
local size, text = unpack(redis.call('HMGET', KEYS[1], 'size', 'text'))
if text == ARGV[2] then return 1 end
if size and tonumber(size) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'size', ARGV[1], 'text', ARGV[2])
return 1
