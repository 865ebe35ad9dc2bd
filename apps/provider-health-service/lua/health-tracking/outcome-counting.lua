--[[
What one outcome makes of a provider's health, loaded behind provider-health.lua. The rules are `recordOutcome` of
libs/provider-health-rules.

KEYS, ARGV  are those of the script behind it

Returns     nothing: it declares
            count(health, outcome)  outcome: { k = `success` or the class of the failure, r = response time in ms or nil,
                                    v = version under which the call began or nil, w = how long the provider asked to
                                    be left alone, ms, m = message or nil, t = permit or nil }
]]
local BUCKETS = 10

-- Buckets expire by the time, not by what comes after them.
local function count_call(health, failed)
  local rule = health.limits.failureRate
  if not rule then
    health.rate = nil
    return
  end
  local width = rule.windowSeconds * 1000 / BUCKETS
  local current = math.floor(now / width)
  local kept = {}
  if health.rate and health.rate.width == width then
    for _, bucket in ipairs(health.rate.buckets) do
      if bucket[1] > current - BUCKETS and bucket[1] <= current then kept[#kept + 1] = bucket end
    end
  end
  local last = kept[#kept]
  if not last or last[1] ~= current then
    last = { current, 0, 0 }
    kept[#kept + 1] = last
  end
  last[2] = last[2] + 1
  if failed then last[3] = last[3] + 1 end
  health.rate = { width = width, buckets = kept }
end

-- The share of calls that failed; nil where the rule says nothing.
local function failure_share(health)
  local rule = health.limits.failureRate
  if not rule or not health.rate then return nil end
  local calls, failures = 0, 0
  for _, bucket in ipairs(health.rate.buckets) do
    calls = calls + bucket[2]
    failures = failures + bucket[3]
  end
  if calls < rule.minimumCalls then return nil end
  return failures / calls
end

local function make_unhealthy(health, reason, rule)
  start_timeout(health)
  change(health, 'unhealthy', reason, rule)
end

local function by_rate(health, share)
  if not share or health.status == 'unhealthy' then return end
  local rule = health.limits.failureRate
  if share >= rule.unhealthyFrom then
    make_unhealthy(health, 'failure-rate', 'failure-rate')
  elseif health.status == 'healthy' and share >= rule.degradedFrom then
    change(health, 'degraded', 'failure-rate', 'failure-rate')
  end
end

local function succeed(health)
  health.failures = 0
  health.successes = health.successes + 1
  health.lastSuccessAt = now
  served(health)
  count_call(health, false)
  local share = failure_share(health)
  local still_fails = share and share >= health.limits.failureRate.recoveredBelow
  local degraded = health.status == 'degraded'
  if degraded and health.rule == 'failure-rate' and share and not still_fails then
    change(health, 'healthy', 'failure-rate', 'failure-rate')
  elseif (health.status == 'unhealthy' or degraded and not still_fails)
    and health.successes >= health.limits.healthyAfter then
    show(health, 'unhealthyUntil', nil)
    change(health, 'healthy', 'consecutive-successes', 'consecutive')
  else
    by_rate(health, share)
  end
end

local function fail(health, outcome)
  local limits = health.limits
  local run = health.failures
  if health.lastFailureAt and now - health.lastFailureAt > limits.failureWindowSeconds * 1000 then run = 0 end
  health.failures = run + 1
  health.successes = 0
  health.lastFailureAt = now
  health.lastFailureClass = outcome.k
  health.lastFailureMessage = outcome.m ~= '' and outcome.m or nil
  count_call(health, true)
  if health.status == 'unhealthy' then
    start_timeout(health)
    return
  end
  if health.failures >= limits.unhealthyAfter then
    make_unhealthy(health, 'consecutive-failures', 'consecutive')
    return
  end
  local share = failure_share(health)
  local degrades = health.status == 'healthy' and health.failures >= limits.degradedAfter
  if degrades and not (share and share >= limits.failureRate.unhealthyFrom) then
    change(health, 'degraded', 'consecutive-failures', 'consecutive')
  else
    by_rate(health, share)
  end
end

local function give_back(health, permit)
  if not permit or not health.permits or not health.permits[permit] then return end
  health.permits[permit] = nil
  if next(health.permits) == nil then health.permits = nil end
end

local function count(health, outcome)
  settle(health)
  give_back(health, outcome.t)
  if outcome.r then health.lastResponseMs = tostring(outcome.r) end
  local class = outcome.k
  local stale = outcome.v and health.unhealthyVersion and outcome.v < health.unhealthyVersion
  if stale or is_waiting(health) then return end
  if class == 'rate-limited' then
    show(health, 'closedUntil', math.max(health.closedUntil or 0, now + outcome.w))
  elseif is_overridden(health) or class == 'client' or class == 'cancelled' then
    return
  elseif class == 'success' then
    succeed(health)
  else
    if class == 'auth' or class == 'quota' then misconfigure(health, class) end
    fail(health, outcome)
  end
  revise(health)
end
