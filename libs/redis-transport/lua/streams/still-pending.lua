-- Tells which entries some consumer of the group has taken and not ended.
-- KEYS[1] the stream
-- ARGV[1] the group; ARGV[2..] ids of entries that were delivered to the group
-- Returns the ids of those that are pending
local pending = {}
for i = 2, #ARGV do
  if #redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1) > 0 then
    table.insert(pending, ARGV[i])
  end
end
return pending
