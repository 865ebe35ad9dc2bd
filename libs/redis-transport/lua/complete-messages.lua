-- Ends work: publishes the replies, acknowledges the entries and, on request streams, deletes them. All or nothing,
-- so that it can be sent again when the connection broke in between.
-- KEYS[1] the stream
-- ARGV[1] the group; ARGV[2] '1' to delete the entries too; ARGV[3] number of entries n
-- ARGV[4..3+n] ids of the entries; ARGV[4+n..] channels and replies in turn
-- Returns how many entries were still pending
local count = tonumber(ARGV[3])
for i = 4 + count, #ARGV, 2 do
  redis.call('PUBLISH', ARGV[i], ARGV[i + 1])
end
if count == 0 then
  return 0
end
local acknowledged = redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, 4, 3 + count))
if ARGV[2] == '1' then
  redis.call('XDEL', KEYS[1], unpack(ARGV, 4, 3 + count))
end
return acknowledged
