-- Begins the work of a message that is to be done once, unless it was done already or is being done now.
-- KEYS[1] the stream; KEYS[2] what is known of the message: a hash of fingerprint, entry, kept
-- ARGV[1] the group; ARGV[2] id of the entry that carries the message now; ARGV[3] fingerprint of what it asks
-- ARGV[4] for how many milliseconds it is known
-- Returns {'begin'}; {'kept', what it answered}; {'wait', id of the entry that carries it too and is at work};
-- {'conflict'} when the same id asked for something else before
local known = redis.call('HMGET', KEYS[2], 'fingerprint', 'entry', 'kept')
if known[1] and known[1] ~= ARGV[3] then
  return {'conflict'}
end
if known[3] then
  return {'kept', known[3]}
end
-- An entry that is not pending any more ended without an answer to keep: it failed.
if known[2] and known[2] ~= ARGV[2]
  and #redis.call('XPENDING', KEYS[1], ARGV[1], known[2], known[2], 1) > 0 then
  return {'wait', known[2]}
end
redis.call('HSET', KEYS[2], 'fingerprint', ARGV[3], 'entry', ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return {'begin'}
