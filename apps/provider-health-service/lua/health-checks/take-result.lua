--[[
Whether the result of a slot is the newest of a provider's checks: that of an older slot, which came late, counts for
nothing, and none counts twice.

KEYS[1]  what is known of the provider's checks, a hash: `reported` is the newest slot that has a result
ARGV[1]  the slot
ARGV[2]  for how long it is remembered, ms

Returns  1 when it is, else 0
]]
if tonumber(ARGV[1]) <= (tonumber(redis.call('HGET', KEYS[1], 'reported')) or 0) then return 0 end
redis.call('HSET', KEYS[1], 'reported', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
