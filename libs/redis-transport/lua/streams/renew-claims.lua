-- Says that a consumer is still at work on entries, so that no other takes them over. Entries that another consumer
-- has taken meanwhile stay with it.
-- KEYS[1] the stream
-- ARGV[1] the group; ARGV[2] the consumer; ARGV[3] added to the delivery count: 0, or -1 to take a delivery back
-- ARGV[4..] ids of the entries
-- Returns how many are still the consumer's
local renewed = 0
for i = 4, #ARGV do
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1, ARGV[2])[1]
  if pending then
    local count = math.max(0, pending[4] + tonumber(ARGV[3]))
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'RETRYCOUNT', count, 'JUSTID')
    renewed = renewed + 1
  end
end
return renewed
