-- Adds an event to the stream of its owner, unless the stream is full. An event with a key is told which event with the
-- same key came before it, so that a subscriber can keep their order.
-- KEYS[1] the stream; KEYS[2] a hash: for each key the id of its last event
-- ARGV[1] most entries that the stream may hold; ARGV[2] the key, or '' for none
-- ARGV[3..] fields and values of the entry
-- Returns the id of the entry, or nil when the stream is full and nothing was added
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then
  return false
end
if ARGV[2] == '' then
  return redis.call('XADD', KEYS[1], '*', unpack(ARGV, 3))
end
local fields = {unpack(ARGV, 3)}
local before = redis.call('HGET', KEYS[2], ARGV[2])
if before then
  table.insert(fields, 'after')
  table.insert(fields, before)
end
local id = redis.call('XADD', KEYS[1], '*', unpack(fields))
redis.call('HSET', KEYS[2], ARGV[2], id)
return id
