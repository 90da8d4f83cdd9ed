-- Arguments: the expected status, a file of access tokens (a line each), a file with the body of a POST.
local tokens, body, sent, repeated = {}, nil, 0, false
local threads = {}
refused = 0

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  expected = tonumber(arguments[1])
  if arguments[2] ~= "" then
    for line in io.lines(arguments[2]) do table.insert(tokens, line) end
  end
  if arguments[3] ~= "" then body = io.open(arguments[3]):read("*a") end
end

function request()
  sent = sent + 1
  local headers = {}
  if #tokens > 0 then
    if body and sent > #tokens then wrk.thread:stop() end
    headers["Authorization"] = "Bearer " .. tokens[(sent - 1) % #tokens + 1]
  end
  if not body then return wrk.format("GET", nil, headers) end
  headers["Content-Type"] = "application/json"
  headers["Idempotency-Key"] = "bench-order-" .. sent
  return wrk.format("POST", nil, headers, body)
end

function response(status)
  if status ~= expected then refused = refused + 1 end
end

function done(summary, latency)
  local wrong = 0
  for _, thread in ipairs(threads) do wrong = wrong + thread:get("refused") end
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('\n{"requests": %d, "seconds": %f, "refused": %d, "p99_ms": %f}\n',
    summary.requests - wrong, summary.duration / 1e6, wrong + errors, latency:percentile(99) / 1000))
end
