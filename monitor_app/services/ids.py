"""Where names of things come from: at random in a clinic, from the seed in a seeded run (design.md §5)."""

import uuid
from collections.abc import Callable

_SESSIONS = uuid.UUID("6b0f6d2e-7c1b-5c0e-9d55-3f5f1f0a7c11")
"""Name space of seeded session ids."""


def random_session_id() -> str:
    """A session id that no other computer makes."""
    return uuid.uuid4().hex


def seeded_session_id(scenario: str, seed: int, run: int) -> str:
    """The id of the ``run``-th session of a scenario and seed in one database (0: the first)."""
    return uuid.uuid5(_SESSIONS, f"{scenario}/{seed}/{run}").hex


def entry_ids(after: int = 0) -> Callable[[], str]:
    """Names for the entries of one session, in order; ``after`` is the last number a cut-off session used."""
    count = after

    def next_id() -> str:
        nonlocal count
        count += 1
        return f"{count:06d}"

    return next_id


def last_number(ids: list[str]) -> int:
    """The highest number among entry ids, 0 without any."""
    return max((int(text) for text in ids if text.isdecimal()), default=0)
