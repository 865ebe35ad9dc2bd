--[[
Takes a permit to try a half-open provider. Runs behind provider-health.lua; the rules are `acquirePermit` of
libs/provider-health-rules.

KEYS[1]  the stream of transitions
KEYS[2]  the provider's health, a hash
ARGV[1]  now, ms since 1970; '' for the clock of Redis
ARGV[2]  the permit
ARGV[3]  how long it holds, ms

Returns  {}                             there is no such hash
         { now, provider, answer, at }  answer `granted` and when it expires, `unneeded`, or `refused` and when one may be
                                        had, '' where nobody knows; provider as record-outcomes.lua returns it
]]
local health = load(KEYS[2])
if not health then return {} end
settle(health)

local function acquire()
  if is_overridden(health) and (health.overrideStatus == 'maintenance' or health.status == 'unhealthy') then
    return 'refused', health.overrideUntil
  end
  if health.misconfigured == 'key' and not is_overridden(health) then return 'refused', nil end
  local closed_until = health.closedUntil or 0
  if is_waiting(health) then return 'refused', math.max(health.unhealthyUntil, closed_until) end
  if now < closed_until then return 'refused', closed_until end
  if health.status ~= 'unhealthy' then return 'unneeded' end
  local out, count, first = {}, 0, nil
  for permit, expires_at in pairs(health.permits or {}) do
    if now < expires_at then
      out[permit] = expires_at
      count = count + 1
      first = math.min(first or expires_at, expires_at)
    end
  end
  if count >= health.limits.probePermits then return 'refused', first end
  out[ARGV[2]] = now + ARGV[3]
  health.permits = out
  return 'granted', out[ARGV[2]]
end

local answer, at = acquire()
save(health)
return { whole(now), told(health), answer, at and whole(at) or '' }
