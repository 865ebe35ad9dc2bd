--[[
What one outcome makes of a provider's health, for the whole fleet, in one step. The rules are `recordOutcome` of
src/health-tracking/provider-health.ts; a test drives both with the same sequences and demands equality.

KEYS[1]  the provider's health, a hash
KEYS[2]  the stream of transitions
KEYS[3]  marks the outcome's id as counted; the hash again when the outcome has none
ARGV[1]  `success`, or the class of the failure
ARGV[2]  response time in ms, or ''
ARGV[3]  version under which the call began, or ''
ARGV[4]  for how long the provider asked to be left alone, ms, or ''
ARGV[5]  message of the failure, or ''
ARGV[6]  how long an outcome's id is remembered, ms; '' when it has none
ARGV[7]  now, ms since 1970; '' for the clock of Redis

Returns  {}                         there is no such hash
         { now, field, value, … }   ms since 1970, then the whole hash
]]
local known = redis.call('HGETALL', KEYS[1])
if #known == 0 then return {} end
local health = {}
for i = 1, #known, 2 do health[known[i]] = known[i + 1] end

local now = tonumber(ARGV[7])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function number(field) return tonumber(health[field]) or 0 end
local function set(field, value)
  health[field] = tostring(value)
  redis.call('HSET', KEYS[1], field, health[field])
end
local function clear(field)
  health[field] = nil
  redis.call('HDEL', KEYS[1], field)
end
local function answer()
  local fields = { string.format('%.0f', now) }
  for field, value in pairs(health) do
    fields[#fields + 1] = field
    fields[#fields + 1] = value
  end
  return fields
end
-- Lua writes large numbers as 1.76e+12; times are written as whole numbers.
local function whole(value) return string.format('%.0f', value) end

local function change(to, reason)
  local from = health['status']
  local version = number('version') + 1
  set('status', to)
  set('version', whole(version))
  redis.call('XADD', KEYS[2], '*', 'provider', health['name'], 'from', from, 'to', to, 'reason', reason,
    'version', whole(version), 'at', whole(now))
end

local function succeed()
  set('failures', 0)
  set('successes', whole(number('successes') + 1))
  set('lastSuccessAt', whole(now))
  clear('misconfigured')
  if health['status'] ~= 'healthy' and number('successes') >= number('healthyAfter') then
    clear('unhealthyUntil')
    change('healthy', 'consecutive-successes')
  end
end

local function fail()
  local last = tonumber(health['lastFailureAt'])
  local run = number('failures')
  if last and now - last > number('failureWindowSeconds') * 1000 then run = 0 end
  set('failures', whole(run + 1))
  set('successes', 0)
  set('lastFailureAt', whole(now))
  set('lastFailureClass', ARGV[1])
  set('lastFailureMessage', ARGV[5])
  local unhealthy_until = whole(now + number('unhealthySeconds') * 1000)
  if health['status'] == 'unhealthy' then
    set('unhealthyUntil', unhealthy_until)
  elseif number('failures') >= number('unhealthyAfter') then
    set('unhealthyUntil', unhealthy_until)
    change('unhealthy', 'consecutive-failures')
    set('unhealthyVersion', health['version'])
  elseif health['status'] == 'healthy' and number('failures') >= number('degradedAfter') then
    change('degraded', 'consecutive-failures')
  end
end

if ARGV[6] ~= '' and not redis.call('SET', KEYS[3], 1, 'NX', 'PX', ARGV[6]) then return answer() end
if ARGV[2] ~= '' then set('lastResponseMs', ARGV[2]) end

local version, unhealthy_version = tonumber(ARGV[3]), tonumber(health['unhealthyVersion'])
local stale = version and unhealthy_version and version < unhealthy_version
local waiting = health['status'] == 'unhealthy' and now < number('unhealthyUntil')
local outcome = ARGV[1]

if stale or waiting or outcome == 'client' or outcome == 'cancelled' then
  return answer()
elseif outcome == 'success' then
  succeed()
elseif outcome == 'rate-limited' then
  set('closedUntil', whole(math.max(number('closedUntil'), now + tonumber(ARGV[4]))))
else
  if outcome == 'auth' or outcome == 'quota' then set('misconfigured', outcome) end
  fail()
end
return answer()
