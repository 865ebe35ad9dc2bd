-- Reads how far a receiver should be, and what it may have missed. A Redis that knows of no generation, because it is new or
-- lost what it knew, begins one here: else a receiver could not tell "nothing was ever broadcast" from "all of it was lost".
-- KEYS[1] the position: a hash of generation and sequence; KEYS[2] the tail
-- ARGV[1] sequence that the receiver has applied last; ARGV[2] most broadcasts to return; ARGV[3] name of the generation,
-- should one begin
-- Returns generation and sequence, the entries of the tail from that sequence on, itself included, and the time: seconds
-- since 1970, microseconds of the second
local position = redis.call('HMGET', KEYS[1], 'generation', 'sequence')
if not position[1] then
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'generation', ARGV[3], 'sequence', 0)
  return {ARGV[3], '0', {}, redis.call('TIME')}
end
local entries = redis.call('XRANGE', KEYS[2], ARGV[1] .. '-0', '+', 'COUNT', ARGV[2])
return {position[1], position[2], entries, redis.call('TIME')}
