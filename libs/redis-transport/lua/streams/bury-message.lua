-- Puts an entry aside as a dead letter and acknowledges it, if it is still pending.
-- KEYS[1] the stream; KEYS[2] the stream of dead letters; KEYS[3] what became of earlier deliveries: a hash
-- ARGV[1] the group; ARGV[2] id of the entry; ARGV[3] '1' to delete the entry too; ARGV[4] most dead letters kept
-- ARGV[5..] fields and values of the dead letter, to which `history` is added, a JSON array
-- Returns 1 and how many of the oldest dead letters were dropped for it, or nil when the entry was not pending any more
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return false
end
if ARGV[3] == '1' then
  redis.call('XDEL', KEYS[1], ARGV[2])
end
local deliveries = {}
for _, number in ipairs(redis.call('HKEYS', KEYS[3])) do
  table.insert(deliveries, tonumber(number))
end
table.sort(deliveries)
local history = {}
for _, number in ipairs(deliveries) do
  table.insert(history, redis.call('HGET', KEYS[3], string.format('%.0f', number)))
end
redis.call('DEL', KEYS[3])
local fields = {unpack(ARGV, 5)}
table.insert(fields, 'history')
table.insert(fields, '[' .. table.concat(history, ',') .. ']')
redis.call('XADD', KEYS[2], '*', unpack(fields))
return {1, redis.call('XTRIM', KEYS[2], 'MAXLEN', ARGV[4])}
