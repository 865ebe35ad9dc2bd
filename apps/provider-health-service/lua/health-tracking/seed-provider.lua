--[[
Lays down what PostgreSQL knows of a provider, unless Redis knows as much: one that it does not know, or one that is older
than its last recorded transition, as after a restart with old data. From then on the other scripts go by what is there. What is set up of it, its policy and what others may
know, is taken in any case. Runs behind provider-health.lua.

KEYS[1]  the stream of transitions
KEYS[2]  the provider's health, a hash
KEYS[3]  the names of all providers, a set
ARGV[1]  now, ms since 1970; '' for the clock of Redis
ARGV[2]  JSON: the fields of a hash by name, all texts

Returns  { now, provider, laid }  laid: 1 when it was laid down; provider as record-outcomes.lua returns it
]]
local seed = cjson.decode(ARGV[2])
redis.call('SADD', KEYS[3], seed.name)

local known = redis.call('HMGET', KEYS[2], 'version', 'status', 'revision')
local version, recorded = tonumber(known[1]), tonumber(seed.version)
local laid = not version or version < recorded or (version == recorded and known[2] ~= seed.status)
if laid then
  redis.call('DEL', KEYS[2])
  local fields = { 'revision', whole(math.max((tonumber(known[3]) or 0) + 1, now)) }
  for field, text in pairs(seed) do
    fields[#fields + 1] = field
    fields[#fields + 1] = text
  end
  redis.call('HSET', KEYS[2], unpack(fields))
end
redis.call('HSET', KEYS[2], 'incarnation', incarnation())

local health = load(KEYS[2])
if laid then health.visible = true end
settle(health)
if health.policy ~= seed.policy or health.provider ~= seed.provider then
  health.policy, health.provider = seed.policy, seed.provider
  health.changed = true
  revise(health)
end
save(health)
return { whole(now), told(health), laid and 1 or 0 }
