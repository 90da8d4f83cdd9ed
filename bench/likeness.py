"""Whether two samples of times can be told apart: the Mann-Whitney U test.

Source: Mann and Whitney 1947; normal approximation with the correction for ties.
"""

import math
from collections import Counter
from collections.abc import Sequence


def p_value(ones: Sequence[float], others: Sequence[float]) -> float:
    """Two-sided: how likely a difference of this size is when both are drawn from one distribution."""
    n, m = len(ones), len(others)
    ranks = _mid_ranks([*ones, *others])
    u = sum(ranks[value] for value in ones) - n * (n + 1) / 2
    ties = sum(count**3 - count for count in Counter([*ones, *others]).values())
    deviation = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    z = max(0.0, abs(u - n * m / 2) - 0.5) / deviation
    return math.erfc(z / math.sqrt(2))


def _mid_ranks(values: Sequence[float]) -> dict[float, float]:
    """Of each value; equal ones share the middle of their places."""
    first: dict[float, int] = {}
    counts = Counter(values)
    place = 1
    for value in sorted(counts):
        first[value] = place
        place += counts[value]
    return {value: first[value] + (counts[value] - 1) / 2 for value in counts}
