-- Forgets the last events of keys that are not in the stream any more: what comes next has nothing to wait for.
-- KEYS[1] the stream; KEYS[2] a hash: for each key the id of its last event
-- ARGV[1] where the last run ended, '0' for the first; ARGV[2] about how many keys to look at
-- Returns where this run ended, how many keys it looked at, how many it forgot
local function parts(id)
  local ms, n = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(n)
end

local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
local oldestMs, oldestN
if oldest then
  oldestMs, oldestN = parts(oldest[1])
end
local page = redis.call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])
local forgotten = 0
for i = 1, #page[2], 2 do
  local ms, n = parts(page[2][i + 1])
  if not oldest or ms < oldestMs or (ms == oldestMs and n < oldestN) then
    redis.call('HDEL', KEYS[2], page[2][i])
    forgotten = forgotten + 1
  end
end
return {page[1], #page[2] / 2, forgotten}
