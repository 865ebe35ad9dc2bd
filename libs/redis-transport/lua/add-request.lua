-- Adds a request to the stream of a service, unless the stream is full.
-- KEYS[1] the stream
-- ARGV[1] most entries that the stream may hold
-- ARGV[2..] fields and values of the entry
-- Returns the id of the entry, or nil when the stream is full and nothing was added
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then
  return false
end
return redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2))
