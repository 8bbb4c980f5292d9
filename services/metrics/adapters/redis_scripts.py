"""What Redis does in one piece. All keys share a hash tag; each script is one EVALSHA."""

APPLY = """
-- KEYS: gate, offsets, dirty, sequence, blocks, added, retracted, counted, progress, closings
-- ARGV: what the gate must hold, partition, expected offset, next offset, token of the closings,
--       prefix of cells, sums and progress as JSON, then id, what was counted last, id ...
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {-1, 0} end
local stored = redis.call('HGET', KEYS[2], ARGV[2])
if not stored then return {-1, 0} end
if stored ~= ARGV[3] then return {0, tonumber(stored)} end
if (redis.call('HGET', KEYS[10], 'token') or '') ~= ARGV[5] then return {2, 0} end
local changes = cjson.decode(ARGV[7])
local sequence = redis.call('INCR', KEYS[4])
-- Lua hands over a few thousand arguments at once, not more.
local function at_once(command, key, list)
  for i = 1, #list, 1000 do
    redis.call(command, key, unpack(list, i, math.min(i + 999, #list)))
  end
end
local function add(key, amounts)
  for i = 1, #amounts, 2 do redis.call('HINCRBY', key, amounts[i], amounts[i + 1]) end
end
local marks = {}
local names = {}
for i = 1, #changes.cells, 2 do
  local block = changes.cells[i]
  add(ARGV[6] .. block, changes.cells[i + 1])
  names[#names + 1] = block
  marks[#marks + 1] = block
  marks[#marks + 1] = sequence
end
for i = 1, #changes.revised, 2 do
  marks[#marks + 1] = changes.revised[i]
  marks[#marks + 1] = sequence .. ' ' .. changes.revised[i + 1]
end
at_once('SADD', KEYS[5], names)
at_once('HSET', KEYS[3], marks)
add(KEYS[6], changes.added)
add(KEYS[7], changes.retracted)
at_once('HDEL', KEYS[8], changes.over)
at_once('HSET', KEYS[9], changes.progress)
for i = 8, #ARGV, 1000 do
  redis.call('HSET', KEYS[8], unpack(ARGV, i, math.min(i + 999, #ARGV)))
end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
return {1, tonumber(ARGV[4])}
"""

FREEZE = """
-- KEYS: pointer, closings, dirty, sequence
-- ARGV: generation, prefix of cells, cell of what is not final, block, block ...
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local sequence = redis.call('INCR', KEYS[4])
local frozen = 0
for i = 4, #ARGV do
  local open = tonumber(redis.call('HGET', ARGV[2] .. ARGV[i], ARGV[3]) or '0')
  if open <= 0 and redis.call('HSETNX', KEYS[2], 'frozen|' .. ARGV[i], '') == 1 then
    redis.call('HSET', KEYS[3], ARGV[i], sequence)
    frozen = frozen + 1
  end
end
if frozen > 0 then
  redis.call('HINCRBY', KEYS[2], 'token', 1)
  redis.call('HSET', KEYS[2], 'sweep', sequence)
end
return frozen
"""

FORGET = """
-- KEYS: closings, blocks, dirty, sequence
-- ARGV: prefix of cells, how many stretches, then name, first and last of each, then blocks
local sequence = redis.call('INCR', KEYS[4])
local blocks_from = 3 + 3 * tonumber(ARGV[2])
for i = 3, blocks_from - 1, 3 do
  local name = 'forgotten|' .. ARGV[i]
  local first, last = ARGV[i + 1], ARGV[i + 2]
  local known = redis.call('HGET', KEYS[1], name)
  if known then
    local since, till = string.match(known, '^(%S+) (%S+)$')
    if since < first then first = since end
    if till > last then last = till end
  end
  redis.call('HSET', KEYS[1], name, first .. ' ' .. last)
end
redis.call('HINCRBY', KEYS[1], 'token', 1)
for i = blocks_from, #ARGV do
  redis.call('UNLINK', ARGV[1] .. ARGV[i])
  redis.call('SREM', KEYS[2], ARGV[i])
  redis.call('HSET', KEYS[3], ARGV[i], sequence)
end
return 1
"""

REMOVE_SAME = """
-- KEYS: a hash; ARGV: name, value, name, value ...; what has another value by now stays
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then
    redis.call('HDEL', KEYS[1], ARGV[i])
  end
end
return 1
"""

SWITCH = """
-- KEYS: rebuilding, pointer; ARGV: what `rebuilding` must hold, new value of the pointer
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
return 1
"""

HOLD = """
-- KEYS: a lock; ARGV: who takes it, for how many milliseconds
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

HOLD_ON = """
-- KEYS: a lock; ARGV: what it must hold, for how many milliseconds more
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""

RELEASE = """
-- KEYS: a lock; ARGV: what it must hold
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""
