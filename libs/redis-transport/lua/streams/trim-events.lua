-- Removes the events that every group has acknowledged, never one that some group has not. A stream that no group
-- reads keeps its newest events for the first one that will.
-- KEYS[1] the stream of events
-- ARGV[1] most events kept while there is no group
-- Returns how many were removed, and the group that has come least far, or ''
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {0, ''}
end

local function parts(id)
  local ms, n = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(n)
end

local function earlier(a, b)
  local aMs, aN = parts(a)
  local bMs, bN = parts(b)
  return aMs < bMs or (aMs == bMs and aN < bN)
end

local groups = redis.call('XINFO', 'GROUPS', KEYS[1])
if #groups == 0 then
  return {redis.call('XTRIM', KEYS[1], 'MAXLEN', ARGV[1]), ''}
end

local keepFrom = nil
local slowest = ''
for _, fields in ipairs(groups) do
  local group = {}
  for i = 1, #fields, 2 do
    group[fields[i]] = fields[i + 1]
  end
  local from
  if group['pending'] > 0 then
    from = redis.call('XPENDING', KEYS[1], group['name'])[2]
  else
    local ms, n = string.match(group['last-delivered-id'], '^(%d+)-(%d+)$')
    from = ms .. '-' .. string.format('%.0f', tonumber(n) + 1)
  end
  if keepFrom == nil or earlier(from, keepFrom) then
    keepFrom = from
    slowest = group['name']
  end
end
return {redis.call('XTRIM', KEYS[1], 'MINID', keepFrom), slowest}
