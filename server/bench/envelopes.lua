-- wrk script: POSTs prepared envelopes, each under a new event id (see pool.ts for the trick with two gzip members).
-- wrk -s envelopes.lua URL -- POOL_FILE TARGETS_FILE RUN_ID [polite]
-- polite: after a 429 or 503 a connection waits, as a client must; without it wrk need not look at the answers at all.
local bit = require 'bit'
local bxor, band, rshift = bit.bxor, bit.band, bit.rshift
local char, byte, format, sub = string.char, string.byte, string.format, string.sub

local crc_table = {}
for i = 0, 255 do
  local c = i
  for _ = 1, 8 do
    if band(c, 1) == 1 then c = bxor(rshift(c, 1), 0xEDB88320) else c = rshift(c, 1) end
  end
  crc_table[i] = c
end
local function crc_add(crc, text)
  for i = 1, #text do crc = bxor(rshift(crc, 8), crc_table[band(bxor(crc, byte(text, i)), 0xFF)]) end
  return crc
end
local function u16(n) return char(band(n, 255), band(rshift(n, 8), 255)) end
local function u32(n) return char(band(n, 255), band(rshift(n, 8), 255), band(rshift(n, 16), 255), band(rshift(n, 24), 255)) end

local pool, paths, headers = {}, {}, {}
local head, head_crc, tail, member_head, member_tail
local n, at = 0, 0

-- Threads share nothing: each gets its own part of the id space.
local threads = 0
function setup(thread)
  thread:set('thread_number', threads)
  threads = threads + 1
end

function init(args)
  local targets = {}
  for line in io.lines(args[2]) do
    local path, auth = line:match('^(%S+) (.*)$')
    targets[#targets + 1] = { path = path, headers = { ['Content-Type'] = 'application/x-sentry-envelope', ['Content-Encoding'] = 'gzip', ['X-Sentry-Auth'] = auth } }
  end
  local file = assert(io.open(args[1], 'rb'))
  local bytes = file:read('*a')
  file:close()
  local i = 1
  while i <= #bytes do
    local project, a, b, c, d = byte(bytes, i, i + 4)
    local length = a + b * 256 + c * 65536 + d * 16777216
    pool[#pool + 1] = sub(bytes, i + 5, i + 4 + length)
    local target = targets[project % #targets + 1]
    paths[#paths + 1] = target.path
    headers[#headers + 1] = target.headers
    i = i + 5 + length
  end
  head = '{"event_id":"' .. sub(args[3], 1, 22) .. format('%02x', thread_number)
  tail = '"}\n'
  local length = #head + 8 + #tail
  head_crc = crc_add(0xFFFFFFFF, head)
  member_head = char(31, 139, 8, 0, 0, 0, 0, 0, 0, 255, 1) .. u16(length) .. u16(65535 - length) .. head
  member_tail = u32(length)
  at = thread_number * 7919
  if args[4] == 'polite' then
    local refused = 0
    function response(status)
      if status == 429 or status == 503 then refused = refused + 1 end
    end
    function delay()
      if refused == 0 then return 0 end
      refused = refused - 1
      return 250
    end
  end
end

function request()
  n = n + 1
  at = at % #pool + 1
  local id = format('%08x', n)
  local crc = bit.bnot(crc_add(crc_add(head_crc, id), tail))
  return wrk.format('POST', paths[at], headers[at], member_head .. id .. tail .. u32(crc) .. member_tail .. pool[at])
end

function done(summary, latency, requests)
  io.write(format('RESULT {"requests":%d,"durationUs":%d,"status":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d,"p50Us":%d,"p95Us":%d,"p99Us":%d,"maxUs":%d}\n',
    summary.requests, summary.duration, summary.errors.status, summary.errors.connect, summary.errors.read, summary.errors.write, summary.errors.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99), latency.max))
end
