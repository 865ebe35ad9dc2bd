-- Reads how far a receiver should be, and what it may have missed.
-- KEYS[1] the position; KEYS[2] the tail
-- ARGV[1] sequence that the receiver has applied last; ARGV[2] most broadcasts to return
-- Returns generation and sequence ('' and '0' when nothing was ever broadcast), and the entries of the tail from that
-- sequence on, itself included
local position = redis.call('HMGET', KEYS[1], 'generation', 'sequence')
if not position[1] then
  return {'', '0', {}}
end
return {position[1], position[2], redis.call('XRANGE', KEYS[2], ARGV[1] .. '-0', '+', 'COUNT', ARGV[2])}
