-- Notes what became of deliveries that did not end well, for the dead letter that may come of it. What was noted first of
-- a delivery stays; of an entry that has ended meanwhile nothing is noted.
-- KEYS[1] the stream; KEYS[2..] a hash for each entry: number of the delivery to JSON
-- ARGV[1] the group; ARGV[2] for how many milliseconds it is kept; then for each of KEYS[2..] id of the entry, number of
-- the delivery, JSON
-- Returns nothing
for i = 2, #KEYS do
  local at = 3 * (i - 1)
  if #redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[at], ARGV[at], 1) > 0 then
    redis.call('HSETNX', KEYS[i], ARGV[at + 1], ARGV[at + 2])
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
  end
end
return false
