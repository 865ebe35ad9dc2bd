--[[
Counts an attempt against the most that a window allows, or gives one back. A refused attempt is not counted: it neither
prolongs the window nor outlasts the attempts that are given back. (rate-limiter-flexible runs it in place of its own.)

KEYS[1]  the counter
ARGV[1]  attempts to count; negative gives them back
ARGV[2]  length of a window, s
ARGV[3]  most in a window

Returns  the count, or one more than the most when the attempt is refused; ms until the window ends
]]
local change, seconds, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count + change <= 0 then
  -- Nothing is left to give back, also when the window is over: none is begun by it.
  redis.call('DEL', KEYS[1])
  return { 0, seconds * 1000 }
end
if count == 0 then
  redis.call('SET', KEYS[1], change, 'EX', seconds)
  return { change, seconds * 1000 }
end
local left = redis.call('PTTL', KEYS[1])
if change > 0 and count + change > most then return { most + 1, left } end
return { redis.call('INCRBY', KEYS[1], change), left }
