"""Every kind of entry comes back from the file exactly as it went in."""

import dataclasses
import enum
import itertools
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.signals import WaveScale
from monitor_app.core import journal as j
from monitor_app.core.raw import RawEntry
from monitor_app.core.stamp import Stamp
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.revision import HEAD_REVISION
from monitor_app.storage.store import Store

INT64 = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
REAL = st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0)
SCALAR = st.none() | st.booleans() | st.integers() | REAL | TEXT
ENTRY_KINDS = [
    kind
    for kind in typing.get_args(j.JournalEntry)
    if kind not in {j.SessionOpened, j.WaveBlock, RawEntry, j.DeviceEntry}
]


def strategy(hint: Any) -> st.SearchStrategy[Any]:
    """Return values for an annotation, narrowed to what SQLite promises to hold."""
    simple = {
        int: INT64,
        str: TEXT,
        float: REAL,
        bool: st.booleans(),
        type(None): st.none(),
        j.Scalar: SCALAR,
    }
    if hint in simple:
        return simple[hint]
    if isinstance(hint, type) and issubclass(hint, enum.Flag):
        return st.integers(0, sum(flag.value for flag in hint)).map(hint)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return st.sampled_from(hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{f.name: strategy(hints[f.name]) for f in dataclasses.fields(hint)})
    return composed(hint)


def composed(hint: Any) -> st.SearchStrategy[Any]:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        return st.one_of([strategy(arg) for arg in args])
    if origin is tuple:
        return st.lists(strategy(args[0]), max_size=3).map(tuple)
    assert origin is Mapping, hint
    return st.dictionaries(TEXT, SCALAR, max_size=4)


@pytest.mark.usefixtures("same_engine")
@pytest.mark.parametrize("kind", ENTRY_KINDS, ids=lambda kind: kind.__name__)
def test_any_entry_comes_back_equal(kind: type[Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    numbers = itertools.count()
    with Store.open(tmp_path_factory.mktemp("db"), StoreKind.TRAINING) as store:

        @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.lists(strategy(kind), min_size=1, max_size=4))
        def check(written: list[j.JournalEntry]) -> None:
            session = f"s{next(numbers)}."
            store.new_session(j.SessionOpened(Stamp(0, 0), session, "p", "", True, "c", "v"))
            core = store.recorder_core(session)
            core.write_many(written)
            core.close()
            assert list(store.record(session).entries) == written

        check()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(opened=strategy(j.SessionOpened))
def test_any_session_head_comes_back_equal(opened: j.SessionOpened, tmp_path: Path) -> None:
    kind = StoreKind.TRAINING if opened.simulated else StoreKind.CLINICAL
    with Store.open(tmp_path, kind) as store:
        session = f"{next(_HEADS)}-{opened.session_id}"
        head = dataclasses.replace(opened, session_id=session)
        store.new_session(head)
        assert store.record(session).opened == head


_HEADS = itertools.count()


def test_one_of_each_comes_back_in_order(full: Store, entries: tuple[j.JournalEntry, ...]) -> None:
    record = full.record("7f3a")
    assert record.entries == entries
    assert record.opened.seed == 2**70
    assert record.database_revision == HEAD_REVISION


@pytest.mark.parametrize(
    ("values", "form"),
    [
        ([0, 255], "u1"),
        ([-1, 255], "i2"),
        ([-32768, 32767], "i2"),
        ([32768], "i4"),
        ([-(2**31), 2**31 - 1], "i4"),
    ],
)
def test_samples_take_the_smallest_form(store: Store, values: list[int], form: str) -> None:
    counts = np.array(values, dtype=np.int32)
    block = j.WaveBlock(Stamp(5, 7), "d@p", "PLETH", 62.5, 2**40, counts, WaveScale("1", None, 0.5, -9, 9))
    core = store.recorder_core("7f3a-session")
    core.write(block)
    core.close()
    (track,) = store.record("7f3a").waves
    (read,) = track.blocks()
    assert (read.stamp, read.first_sample, read.scale) == (block.stamp, block.first_sample, block.scale)
    np.testing.assert_array_equal(read.counts, counts)
    assert read.counts.dtype == np.int32
    with full_engine(store) as connection:
        assert connection.exec_driver_sql("SELECT dtype FROM wave_block").scalar() == form


def full_engine(store: Store) -> Any:
    from monitor_app.storage.connection import reading_engine

    return reading_engine(store.path).connect()
