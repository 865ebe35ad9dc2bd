-- Adds messages to a stream, in order, as many as it may hold. One with a key is told which message with the same key
-- came before it, so that a subscriber can keep their order.
-- KEYS[1] the stream; KEYS[2] a hash: for each key the id of its last message
-- ARGV[1] most entries that the stream may hold
-- ARGV[2..] of each message in turn: its key, or '' for none, and its pattern, headers and data
-- Returns how many were added: the first so many; and the time: seconds since 1970, microseconds of the second
local room = tonumber(ARGV[1]) - redis.call('XLEN', KEYS[1])
local added = 0
for at = 2, #ARGV, 4 do
  if added >= room then
    break
  end
  local key = ARGV[at]
  local before = key ~= '' and redis.call('HGET', KEYS[2], key)
  local fields = {'pattern', ARGV[at + 1], 'headers', ARGV[at + 2], 'data', ARGV[at + 3]}
  if before then
    fields[7] = 'after'
    fields[8] = before
  end
  local id = redis.call('XADD', KEYS[1], '*', unpack(fields))
  if key ~= '' then
    redis.call('HSET', KEYS[2], key, id)
  end
  added = added + 1
end
return {added, redis.call('TIME')}
