--[[
Lays down what is known of a provider, unless Redis knows more.

KEYS[1]  the provider's health, a hash
ARGV     fields and values

Returns  1 when it was laid down, 0 when there was one
]]
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1
