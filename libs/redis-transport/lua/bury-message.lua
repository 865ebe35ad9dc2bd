-- Puts an entry aside as a dead letter and acknowledges it, if it is still pending.
-- KEYS[1] the stream; KEYS[2] the stream of dead letters
-- ARGV[1] the group; ARGV[2] id of the entry; ARGV[3] '1' to delete the entry too
-- ARGV[4..] fields and values of the dead letter
-- Returns the id of the dead letter, or nil when the entry was not pending any more
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return false
end
if ARGV[3] == '1' then
  redis.call('XDEL', KEYS[1], ARGV[2])
end
return redis.call('XADD', KEYS[2], '*', unpack(ARGV, 4))
