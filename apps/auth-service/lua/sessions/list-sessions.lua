--[[
Lists the sessions of a user, and drops from the list those that have ended by themselves.

KEYS[1]  the sessions of the user, a sorted set by the time they were made
ARGV[1]  what precedes the id in the key of a session of this user: the same slot as KEYS

Returns  { { id, field, value, … }, … }, the newest first
]]
local answer = {}
for _, id in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, -1)) do
  local fields = redis.call('HGETALL', ARGV[1] .. id)
  if #fields == 0 then
    redis.call('ZREM', KEYS[1], id)
  else
    table.insert(fields, 1, id)
    answer[#answer + 1] = fields
  end
end
return answer
