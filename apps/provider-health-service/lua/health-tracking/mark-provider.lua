--[[
Makes a provider what somebody says it is. Runs behind provider-health.lua; the rules are `markProvider`,
`markMisconfigured` and `markKeyReadable` of libs/provider-health-rules.

KEYS[1]  the stream of transitions
KEYS[2]  the provider's health, a hash
ARGV[1]  now, ms since 1970; '' for the clock of Redis
ARGV[2]  the status; or '' to say how it is set up
ARGV[3]  with a status the response time in ms, or ''; else what is misconfigured, or `readable` when the key is not
ARGV[4]  with a status the id of the mark, a number that grows, which is done once; or ''

Returns  {}                        there is no such hash
         { now, provider, done }   done: 0 when an override holds, which is to be lifted first, else 1; provider as
                                   record-outcomes.lua returns it
]]
local health = load(KEYS[2])
if not health then return {} end
settle(health)

local done = 1
if ARGV[2] == '' and ARGV[3] == 'readable' then
  if health.misconfigured == 'key' then show(health, 'misconfigured', nil) end
elseif ARGV[2] == '' then
  misconfigure(health, ARGV[3])
elseif tonumber(ARGV[4] or '') and tonumber(ARGV[4]) <= (health.marked or 0) then
  done = 1
elseif health.overrideStatus then
  done = 0
else
  local to = ARGV[2]
  health.marked = tonumber(ARGV[4]) or health.marked
  health.failures, health.successes, health.permits, health.rate = 0, 0, nil, nil
  if ARGV[3] ~= '' then health.lastResponseMs = ARGV[3] end
  served(health)
  if to == 'unhealthy' then start_timeout(health) else show(health, 'unhealthyUntil', nil) end
  if to ~= health.status then change(health, to, 'marked', 'mark') end
end
revise(health)
save(health)
return { whole(now), told(health), done }
