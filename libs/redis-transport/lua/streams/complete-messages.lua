-- Ends work: keeps the answers of what is to be done once, publishes the replies, acknowledges the entries and, on
-- request streams, deletes them. All or nothing, so that it can be sent again when the connection broke in between.
-- KEYS[1] the stream; KEYS[2..] hashes in which to keep an answer
-- ARGV[1] the group; ARGV[2] '1' to delete the entries too; ARGV[3] number of entries n; ARGV[4] for how many
-- milliseconds an answer is kept
-- ARGV[5..4+n] ids of the entries; then id of the entry and answer for each of KEYS[2..]; then channels and replies
-- Returns how many entries were still pending
local count = tonumber(ARGV[3])
local at = 5 + count
for i = 2, #KEYS do
  -- Whoever took the message over meanwhile has the say.
  if redis.call('HGET', KEYS[i], 'entry') == ARGV[at] and redis.call('HEXISTS', KEYS[i], 'kept') == 0 then
    redis.call('HSET', KEYS[i], 'kept', ARGV[at + 1])
    redis.call('PEXPIRE', KEYS[i], ARGV[4])
  end
  at = at + 2
end
for i = at, #ARGV, 2 do
  redis.call('PUBLISH', ARGV[i], ARGV[i + 1])
end
if count == 0 then
  return 0
end
local acknowledged = redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, 5, 4 + count))
if ARGV[2] == '1' then
  redis.call('XDEL', KEYS[1], unpack(ARGV, 5, 4 + count))
end
return acknowledged
