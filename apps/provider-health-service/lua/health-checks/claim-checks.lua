--[[
Hands out the checks that are due, each slot of a provider to one asker only, for ever: what an asker does not run is
followed by the next slot. Every time comes from the clock of Redis.

A slot is the time at which it begins, ms since 1970: a multiple of the interval, or of the shorter one while the provider
changes its status. The check is due a while later, by a hash of provider and slot, so that all askers agree. A slot that
begins before the last one that was claimed is none.

KEYS[1…2n]  of each provider: its health, a hash; then what is known of its checks, a hash of `slot` (the last that was
            claimed) and `recorded` (when the last result was counted)
ARGV[1]     how many may be claimed
ARGV[2]     share of the interval by which the asker waits longer than others
ARGV[3…]    of each provider: name, interval in ms, jitter as a share of it, 1 when traffic suppresses checks or 0

Returns     { index, slot, version, … }   of each that was claimed: from 1, then slot and version of the health, '' when
            Redis does not know it
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local room, patience = tonumber(ARGV[1]), tonumber(ARGV[2])
local claimed = {}

local function in_transition(status, unhealthy_until, misconfigured)
  return status == 'degraded' or misconfigured or (status == 'unhealthy' and now >= (tonumber(unhealthy_until) or 0))
end

for index = 1, #KEYS / 2 do
  if #claimed >= room * 3 then break end
  local health, check = KEYS[2 * index - 1], KEYS[2 * index]
  local base = 3 + (index - 1) * 4
  local name, interval, jitter, suppress = ARGV[base], tonumber(ARGV[base + 1]), tonumber(ARGV[base + 2]), ARGV[base + 3]
  local known = redis.call('HMGET', health, 'status', 'unhealthyUntil', 'misconfigured', 'lastSuccessAt', 'lastFailureAt',
    'version')
  local status, misconfigured = known[1], known[3]
  local every = interval
  if in_transition(status, known[2], misconfigured) then every = math.max(math.floor(interval / 3), 1000) end
  every = math.min(every, interval)

  local slot = math.floor(now / every) * every
  local last = redis.call('HMGET', check, 'slot', 'recorded')
  local spread = jitter == 0 and 0
    or tonumber(string.sub(redis.sha1hex(name .. ':' .. slot), 1, 8), 16) / 4294967296 * jitter
  local due = slot + math.floor(every * (spread + patience))

  local traffic = math.max(tonumber(known[4]) or 0, tonumber(known[5]) or 0)
  local suppressed = suppress == '1' and (status == 'healthy' or status == 'degraded') and not misconfigured
    and now - traffic < interval and traffic > (tonumber(last[2]) or 0)

  if now >= due and slot > (tonumber(last[1]) or 0) and not suppressed then
    redis.call('HSET', check, 'slot', string.format('%.0f', slot))
    -- Longer than any slot, and than anybody is paused with one.
    redis.call('PEXPIRE', check, interval + 86400000)
    claimed[#claimed + 1] = index
    claimed[#claimed + 1] = string.format('%.0f', slot)
    claimed[#claimed + 1] = known[6] or ''
  end
end
return claimed
