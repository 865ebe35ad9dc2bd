--[[
Counts outcomes of any number of providers for the whole fleet, each once, in one step. Runs behind provider-health.lua and
outcome-counting.lua.

KEYS[1]   the stream of transitions
KEYS[2]   the stream of outcomes
KEYS[3]   what has been counted of the reporter: its highest sequence; KEYS[2] again when there is no reporter
KEYS[4…]  the health of each provider, a hash; behind them the marks of outcomes that have an id
ARGV[1]   now, ms since 1970; '' for the clock of Redis
ARGV[2]   number of providers
ARGV[3]   sequence of the first outcome; '' when there is no reporter
ARGV[4]   how long a reporter is remembered after its last batch, ms
ARGV[5]   how long an outcome's id is remembered, ms
ARGV[6]   JSON: the outcomes, as `count` takes them, and p = index of the provider among them, 0 for none,
          i = index of its mark among the marks, or nil
ARGV[7]   how many entries the stream of outcomes keeps, about

Returns  { 0, index, … }   nothing was counted: there are no such hashes
         { 1, now, a character for each outcome: `1` counted now, `0` before or not at all, provider, … }
         a provider: 1 when what others can see of it has changed, else 0, then fields and values
]]
local number = tonumber(ARGV[2])
local providers, missing = {}, { 0 }
for index = 1, number do
  providers[index] = load(KEYS[3 + index])
  if not providers[index] then missing[#missing + 1] = index end
end
if #missing > 1 then return missing end

local outcomes = cjson.decode(ARGV[6])
local sequence = tonumber(ARGV[3])
local counted_before = sequence and tonumber(redis.call('GET', KEYS[3])) or 0
local counted, accepted = {}, {}
for index, outcome in ipairs(outcomes) do
  local health = providers[outcome.p]
  local repeated = sequence and sequence + index - 1 <= counted_before
  if health and not repeated and outcome.i then
    repeated = not redis.call('SET', KEYS[3 + number + outcome.i], 1, 'NX', 'PX', ARGV[5])
  end
  if health and not repeated then
    count(health, outcome)
    accepted[#accepted + 1] = { health.name, outcome.k, outcome.r or cjson.null }
    counted[index] = '1'
  else
    counted[index] = '0'
  end
end
if sequence then
  redis.call('SET', KEYS[3], whole(math.max(counted_before, sequence + #outcomes - 1)), 'PX', ARGV[4])
end
if #accepted > 0 then
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[7], '*', 'at', whole(now), 'outcomes', cjson.encode(accepted))
end

local answer = { 1, whole(now), table.concat(counted) }
for _, health in ipairs(providers) do
  save(health)
  answer[#answer + 1] = told(health)
end
return answer
