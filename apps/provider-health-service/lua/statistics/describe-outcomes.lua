--[[
How far the counting of outcomes is behind.

KEYS[1]  the stream of outcomes
KEYS[2]  how many entries were ever removed because they were counted

Returns  { length, age of the oldest entry in ms, entries that left the stream without having been counted }
]]
if redis.call('EXISTS', KEYS[1]) == 0 then return { 0, 0, 0 } end
local stream = {}
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do stream[info[i]] = info[i + 1] end
local counted = tonumber(redis.call('GET', KEYS[2])) or 0
local age = 0
if stream['first-entry'] then
  local time = redis.call('TIME')
  local added = tonumber(string.match(stream['first-entry'][1], '^%d+'))
  age = math.max(0, time[1] * 1000 + math.floor(time[2] / 1000) - added)
end
return { stream['length'], age, math.max(0, stream['entries-added'] - stream['length'] - counted) }
