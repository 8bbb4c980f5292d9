"""What Redis does in one piece. All keys share a hash tag; each script is one EVALSHA."""

APPLY = """
-- KEYS: gate, offsets, dirty, sequence, blocks, added, retracted, counted, progress
-- ARGV: what the gate must hold, partition, expected offset, next offset, prefix of cells, sums
--       and progress as JSON, then id, what was counted last for it, id ...
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {-1, 0} end
local stored = redis.call('HGET', KEYS[2], ARGV[2])
if not stored then return {-1, 0} end
if stored ~= ARGV[3] then return {0, tonumber(stored)} end
local changes = cjson.decode(ARGV[6])
local sequence = redis.call('INCR', KEYS[4])
for block, amounts in pairs(changes.cells) do
  local key = ARGV[5] .. block
  for i = 1, #amounts, 2 do redis.call('HINCRBY', key, amounts[i], amounts[i + 1]) end
  redis.call('SADD', KEYS[5], block)
  redis.call('HSET', KEYS[3], block, sequence)
end
for mark, reason in pairs(changes.revised) do
  redis.call('HSET', KEYS[3], mark, sequence .. ' ' .. reason)
end
for name, n in pairs(changes.added) do redis.call('HINCRBY', KEYS[6], name, n) end
for name, n in pairs(changes.retracted) do redis.call('HINCRBY', KEYS[7], name, n) end
for i = 7, #ARGV, 2 do redis.call('HSET', KEYS[8], ARGV[i], ARGV[i + 1]) end
for place, text in pairs(changes.progress) do redis.call('HSET', KEYS[9], place, text) end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
return {1, tonumber(ARGV[4])}
"""

CLEAN = """
-- KEYS: dirty; ARGV: name, token, name, token ...
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

HOLD_ON = """
-- KEYS: rebuilding; ARGV: what it must hold, for how many milliseconds more
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""

RELEASE = """
-- KEYS: rebuilding; ARGV: what it must hold
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""
