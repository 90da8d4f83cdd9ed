"""Who proposed something does not decide it, and neither does whom it is about."""

from uuid import uuid4

import pytest

from chassis.four_eyes import SamePerson, decide_by_another


def test_somebody_else_decides() -> None:
    decide_by_another(uuid4(), uuid4(), uuid4(), None)


@pytest.mark.parametrize("place", range(3))
def test_nobody_who_is_concerned_decides(place: int) -> None:
    concerned = [uuid4(), uuid4(), None]
    decider = uuid4()
    concerned[place] = decider
    with pytest.raises(SamePerson):
        decide_by_another(decider, *concerned)
