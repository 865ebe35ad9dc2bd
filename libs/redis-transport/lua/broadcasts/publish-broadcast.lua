-- Numbers a broadcast, keeps it in the tail and publishes it. A Redis that knows of no generation, because
-- it is new or lost what it knew, begins one, by which receivers see that the numbers began anew.
-- KEYS[1] the position: a hash of generation and sequence; KEYS[2] the tail: a stream whose ids are sequences
-- ARGV[1] the channel; ARGV[2] name of the generation, should one begin; ARGV[3] broadcasts kept in the tail
-- ARGV[4] headers as JSON; ARGV[5] payload as JSON
-- Returns generation and sequence
local generation = redis.call('HGET', KEYS[1], 'generation')
if not generation then
  generation = ARGV[2]
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'generation', generation, 'sequence', 0)
end
local sequence = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 'sequence', 1))
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], sequence .. '-0', 'headers', ARGV[4], 'data', ARGV[5])
redis.call('PUBLISH', ARGV[1],
  '{"generation":"' .. generation .. '","sequence":' .. sequence .. ',"headers":' .. ARGV[4] .. ',"data":' .. ARGV[5] .. '}')
return {generation, sequence}
