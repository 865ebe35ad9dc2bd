--[[
Removes entries that were counted from the stream of outcomes, and notes how many, so that those that its greatest length
pushed out can be told from them.

KEYS[1]  the stream of outcomes
KEYS[2]  how many entries were ever removed by this script
ARGV     ids of entries

Returns  how many entries left the stream without having been counted
]]
local removed = 0
-- `unpack` has a limit.
for i = 1, #ARGV, 1000 do
  removed = removed + redis.call('XDEL', KEYS[1], unpack(ARGV, i, math.min(i + 999, #ARGV)))
end
local counted = redis.call('INCRBY', KEYS[2], removed)
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local stream = {}
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do stream[info[i]] = info[i + 1] end
return math.max(0, stream['entries-added'] - stream['length'] - counted)
