--[[
The state machine of a provider's health, loaded ahead of each script that uses it. The rules are those of
libs/provider-health-rules; a test drives both with the same sequences and demands equality.

KEYS, ARGV  are those of the script behind it; it expects KEYS[1] to be the stream of transitions and ARGV[1] to be now in
            ms since 1970, or '' for the clock of Redis

Returns     nothing: it declares
            now               ms since 1970
            incarnation()     which Redis this is: another one after each start and failover
            load(key)         the health of a provider, a table, with its policy; nil when Redis does not know it, or has not
                              been told since it started that what it has is not older than what is recorded
            save(health)      stores what has changed
            told(health)      the health as scripts return it: whether others see a change, and the whole hash
            settle(health)    ends an override whose time has come
            and the commands of the scripts
]]
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local NUMBERS = { 'version', 'revision', 'failures', 'successes', 'lastFailureAt', 'lastSuccessAt', 'unhealthyUntil',
  'unhealthyVersion', 'closedUntil', 'overrideUntil', 'overrideAt', 'marked' }
local TEXTS = { 'name', 'status', 'rule', 'lastFailureClass', 'lastFailureMessage', 'misconfigured', 'overrideStatus',
  'overrideReason', 'overrideBy', 'beneath', 'beneathRule', 'lastResponseMs', 'policy', 'provider' }
-- Values of JSON that are decoded once for each script.
local TABLES = { 'permits', 'rate' }

-- Lua writes large numbers as 1.76e+12; times are written as whole numbers.
local function whole(value) return string.format('%.0f', value) end

local run_id
local function incarnation()
  run_id = run_id or string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
  return run_id
end

local function load(key)
  local known = redis.call('HGETALL', key)
  if #known == 0 then return nil end
  local stored = {}
  for i = 1, #known, 2 do stored[known[i]] = known[i + 1] end
  if stored.incarnation ~= incarnation() then return nil end
  local health = { key = key, stored = stored }
  for _, field in ipairs(NUMBERS) do health[field] = tonumber(stored[field]) end
  for _, field in ipairs(TEXTS) do health[field] = stored[field] end
  for _, field in ipairs(TABLES) do health[field] = stored[field] and cjson.decode(stored[field]) end
  health.limits = cjson.decode(health.policy)
  return health
end

local function save(health)
  local set, gone = {}, {}
  local function keep(field, text)
    if text == health.stored[field] then return end
    if text == nil then
      gone[#gone + 1] = field
    else
      set[#set + 1] = field
      set[#set + 1] = text
    end
    health.stored[field] = text
  end
  for _, field in ipairs(NUMBERS) do keep(field, health[field] and whole(health[field])) end
  for _, field in ipairs(TEXTS) do keep(field, health[field]) end
  for _, field in ipairs(TABLES) do keep(field, health[field] and cjson.encode(health[field])) end
  if #set > 0 then redis.call('HSET', health.key, unpack(set)) end
  if #gone > 0 then redis.call('HDEL', health.key, unpack(gone)) end
end

local function told(health)
  local answer = { health.visible and 1 or 0 }
  for field, text in pairs(health.stored) do
    answer[#answer + 1] = field
    answer[#answer + 1] = text
  end
  return answer
end

-- Sets what others can see.
local function show(health, field, value)
  if health[field] == value then return end
  health[field] = value
  health.changed = true
end

-- Ends a command: what others can see of it has a new revision.
local function revise(health)
  if not health.changed then return end
  health.revision = math.max(health.revision + 1, now)
  health.changed, health.visible = false, true
end

local function change(health, to, reason, rule)
  local from = health.status
  show(health, 'status', to)
  show(health, 'version', health.version + 1)
  show(health, 'rule', rule)
  health.permits = nil
  if to == 'unhealthy' then show(health, 'unhealthyVersion', health.version) end
  redis.call('XADD', KEYS[1], '*', 'provider', health.name, 'from', from, 'to', to, 'reason', reason,
    'version', whole(health.version), 'at', whole(now))
end

-- That the key cannot be opened is said until it can, whatever calls come to.
local function misconfigure(health, class)
  if health.misconfigured == 'key' then return end
  if not health.misconfigured or class == 'key' then
    redis.call('XADD', KEYS[1], '*', 'provider', health.name, 'misconfigured', class, 'version', whole(health.version),
      'at', whole(now))
  end
  show(health, 'misconfigured', class)
end

local function served(health)
  if health.misconfigured ~= 'key' then show(health, 'misconfigured', nil) end
end

local function start_timeout(health)
  show(health, 'unhealthyUntil', now + health.limits.unhealthySeconds * 1000)
  health.permits, health.rate = nil, nil
end

local function is_overridden(health)
  return health.overrideStatus ~= nil and (health.overrideUntil == nil or now < health.overrideUntil)
end

local function is_waiting(health)
  return health.status == 'unhealthy' and not is_overridden(health) and now < (health.unhealthyUntil or 0)
end

local function end_override(health, reason)
  local status, rule = health.beneath, health.beneathRule
  health.failures, health.successes, health.rate = 0, 0, nil
  for _, field in ipairs({ 'overrideStatus', 'overrideReason', 'overrideUntil', 'overrideBy', 'overrideAt' }) do
    show(health, field, nil)
  end
  health.beneath, health.beneathRule = nil, nil
  show(health, 'rule', rule)
  if status ~= health.status then change(health, status, reason, rule) end
end

local function settle(health)
  if health.overrideStatus and not is_overridden(health) then
    end_override(health, 'override-ended')
    revise(health)
  end
end
