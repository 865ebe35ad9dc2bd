--[[
Puts an operator's word on a provider, takes it back, or ends it when its time has come. Runs behind provider-health.lua;
the rules are `putOverride`, `liftOverride` and `settleOverride` of libs/provider-health-rules.

KEYS[1]  the stream of transitions
KEYS[2]  the provider's health, a hash
KEYS[3]  when overrides end: a sorted set of names by ms since 1970
ARGV[1]  now, ms since 1970; '' for the clock of Redis
ARGV[2]  `put`, `lift` or `settle`
ARGV[3]  JSON of `put`: { status, reason, by, at, until or nil }; times in ms since 1970

Returns  {}                        there is no such hash
         { now, provider, done }   done: 0 when the end of what was to be put has passed, else 1; provider as
                                   record-outcomes.lua returns it
]]
local health = load(KEYS[2])
if not health then return {} end
settle(health)

local function put(override)
  if override['until'] and override['until'] <= now then return 0 end
  if not health.overrideStatus then health.beneath, health.beneathRule = health.status, health.rule end
  health.overrideStatus, health.overrideReason, health.overrideBy = override.status, override.reason, override.by
  health.overrideAt, health.overrideUntil = override.at, override['until']
  health.permits = nil
  health.changed = true
  show(health, 'rule', 'override')
  local to = override.status == 'maintenance' and 'unhealthy' or override.status
  if to ~= health.status then change(health, to, 'overridden', 'override') end
  return 1
end

local done = 1
if ARGV[2] == 'put' then
  done = put(cjson.decode(ARGV[3]))
elseif ARGV[2] == 'lift' and health.overrideStatus then
  end_override(health, 'override-lifted')
end
revise(health)
save(health)
if health.overrideUntil then
  redis.call('ZADD', KEYS[3], whole(health.overrideUntil), health.name)
else
  redis.call('ZREM', KEYS[3], health.name)
end
return { whole(now), told(health), done }
