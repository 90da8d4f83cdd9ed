"""What the gateway counts."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("gateway_requests_total", "Requests answered", ["route", "rate_class", "status"])
SECONDS = Histogram(
    "gateway_request_seconds",
    "Time to the end of the answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
UPSTREAM_FAILURES = Counter(
    "gateway_upstream_failures_total",
    "Attempts that got no answer from a process",
    ["service", "process", "kind"],
)
UPSTREAM_OPEN = Gauge(
    "gateway_upstream_circuit_open", "1 while a process is left alone after failures", ["service", "process"]
)
IN_FLIGHT = Gauge("gateway_upstream_in_flight", "Requests that wait for a service", ["service"])
LISTENERS = Gauge("gateway_listeners", "Live streams that are open")
PARTIAL = Counter("gateway_partial_answers_total", "Composed answers without a part", ["part"])
