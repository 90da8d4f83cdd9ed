"""Announcements and frequent questions: what the office says to everybody."""

from datetime import datetime
from typing import Literal

from chassis.errors import Problem
from iran import matching_key

Kind = Literal["announcement", "question"]


def search_key(*texts: str) -> str:
    """The words in their matching form, each between blanks, so that parts are found and no two meet."""
    words = (matching_key(word) for text in texts for word in text.split())
    return f" {' '.join(filter(None, words))} "


def search_words(text: str) -> list[str]:
    """What somebody looks for, comparable with ``search_key``."""
    return [word for word in map(matching_key, text.split()) if word]


def is_visible(
    now: datetime, *, published: bool, visible_from: datetime | None, visible_until: datetime | None
) -> bool:
    """From its time on, and until it is over."""
    begun = visible_from is None or visible_from <= now
    over = visible_until is not None and visible_until <= now
    return published and begun and not over


class ArticleChanged(Problem):
    status = 409
    code = "article_changed"
    fa = "این متن را کس دیگری تغییر داده است؛ تازه‌ی آن را باز کنید."
    en = "Somebody else has changed this text; open the present one."
