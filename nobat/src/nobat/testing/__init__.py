"""What tests and benchmarks need to speak to a running system as people do: over HTTP."""
