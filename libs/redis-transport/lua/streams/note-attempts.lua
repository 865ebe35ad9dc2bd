-- Notes what became of deliveries that did not end well, for the dead letter that may come of it. What was noted first of
-- a delivery stays.
-- KEYS[1..] a hash for each entry: number of the delivery to JSON
-- ARGV[1] for how many milliseconds it is kept; then for each of KEYS number of the delivery and JSON
-- Returns nothing
for i = 1, #KEYS do
  redis.call('HSETNX', KEYS[i], ARGV[2 * i], ARGV[2 * i + 1])
  redis.call('PEXPIRE', KEYS[i], ARGV[1])
end
return false
