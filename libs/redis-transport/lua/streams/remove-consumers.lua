-- Removes consumers that have nothing pending and were silent for long. One that has something pending stays: its
-- work is claimed by others first, and would be lost with it.
-- KEYS[1] the stream
-- ARGV[1] the group; ARGV[2] silent for at least so many milliseconds; ARGV[3] only this consumer, or '' for all
-- Returns how many were removed
local removed = 0
for _, fields in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #fields, 2 do
    consumer[fields[i]] = fields[i + 1]
  end
  local meant = ARGV[3] == '' or consumer['name'] == ARGV[3]
  if meant and consumer['pending'] == 0 and consumer['idle'] >= tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer['name'])
    removed = removed + 1
  end
end
return removed
