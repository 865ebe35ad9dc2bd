-- Puts the message of a dead letter back into its stream, and removes the dead letter.
-- KEYS[1] the stream; KEYS[2] the stream of dead letters
-- ARGV[1] id of the dead letter; ARGV[2..] fields and values of the message
-- Returns the id of the new entry, or nil when the dead letter is not there any more
if redis.call('XDEL', KEYS[2], ARGV[1]) == 0 then
  return false
end
return redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2))
