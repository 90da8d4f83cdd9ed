"""What the tests of every service need: keys, a clock that moves, patience, conformance suites."""
