"""From journal entries to rows that wait for a commit. Knows the session's numbering; touches no connection."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from devices.signals import WaveScale
from monitor_app.core.journal import (
    GapEntry,
    JournalEntry,
    NumericEntry,
    SystemEntry,
    WaveBlock,
)
from monitor_app.core.raw import RAW_CHANNEL, RawEntry
from monitor_app.core.stamp import NS_PER_S, SYSTEM, Stamp
from monitor_app.storage.audit import AuditEvent
from monitor_app.storage.audit_rule import CREATE, audit_rule
from monitor_app.storage.canonical import canonical_json, entry_fields
from monitor_app.storage.raw_rows import RawMerger, check_piece, encode_pieces
from monitor_app.storage.schema.entry_table import EntryTable
from monitor_app.storage.schema.fields import Row, checked_int, checked_text
from monitor_app.storage.schema.raw import RAW_BLOCK
from monitor_app.storage.schema.registry import TABLE_OF
from monitor_app.storage.schema.session import CHANNEL, NUMERIC, WAVE_BLOCK
from monitor_app.storage.wave_rows import (
    WaveKey,
    WaveMerger,
    check_channel,
    check_samples,
    encode_block,
    wave_key,
)

_ROW_BYTES = 300  # what a waiting row costs beside its samples, roughly
_QUOTED = 400  # characters kept of an entry that cannot be stored


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row not yet committed, with the audit row that goes with it."""

    table: Table
    row: Row
    audit: AuditEvent | None = None
    block: WaveBlock | None = None
    raw_end_t_ns: int | None = None  # of the last piece in a row of raw bytes

    @property
    def weight(self) -> int:
        """Bytes of memory it holds, roughly."""
        if self.raw_end_t_ns is not None:
            return _ROW_BYTES + len(self.row["marks"]) + len(self.row["data"])
        return _ROW_BYTES + (0 if self.block is None else len(self.row["samples"]) + self.block.counts.nbytes)


@dataclass(slots=True)
class _Stream:
    """The wave that last came under a name: its chunks share rate and scale, so these are looked at once."""

    rate_hz: float
    scale: WaveScale
    key: WaveKey
    merger: WaveMerger


@dataclass(slots=True)
class SessionState:
    """Where a session stands in the database; what ``resume.session_state`` reads back."""

    session_key: int
    session_id: str
    next_seq: int = 1
    wave_channels: dict[WaveKey, int] = field(default_factory=dict)
    numeric_channels: dict[tuple[str, str, str], int] = field(default_factory=dict)
    newest: dict[tuple[str, str], str] = field(default_factory=dict)  # audited table and key: its last value
    next_raw: int = 1
    raw_sources: set[str] = field(default_factory=set)  # whose raw bytes the trail speaks of

    def new_channel(self) -> int:
        """Return the next channel number."""
        return len(self.wave_channels) + len(self.numeric_channels) + 1


class Ledger:
    """Rows of one session that wait for a commit, in the order their entries came."""

    def __init__(self, state: SessionState) -> None:
        self._state = state
        self._mergers: dict[WaveKey, WaveMerger] = {}
        self._streams: dict[tuple[str, str], _Stream] = {}
        self._raw: dict[tuple[str, bool], RawMerger] = {}
        self._lost: dict[tuple[str, str], tuple[Stamp, int]] = {}
        self.waiting: list[Waiting] = []
        self.weight = 0

    def add(self, entry: JournalEntry) -> str:
        """Take an entry; return why it could not be kept as it was, or nothing.

        Such an entry (a number over 64 bits, text that is not Unicode) is replaced by a note that quotes it, so that
        one bad value never stops the record.
        """
        try:
            self._encode(entry)
        except (ValueError, TypeError, AttributeError, OverflowError, KeyError) as error:
            problem = f"{type(entry).__name__}: {error}"
            self._entry(TABLE_OF[SystemEntry], _note(entry, problem))
            return problem
        return ""

    def cut(self) -> None:
        """Turn every sample and every raw byte received so far into rows."""
        for key, merger in self._mergers.items():
            self._wave_rows(key, merger.cut())
        for raw in self._raw.values():
            self._raw_rows(raw.cut())

    def committed(self, count: int) -> None:
        """Forget the first ``count`` rows: they are in the file."""
        self.weight -= sum(item.weight for item in self.waiting[:count])
        del self.waiting[:count]

    def shed(self, limit_bytes: int) -> int:
        """Drop the oldest raw rows, then waves, then numerics, until at most ``limit_bytes`` wait; return how many.

        Events, alarms, answers and audit rows are never dropped.
        """
        dropped = 0
        if self.weight <= limit_bytes:
            return dropped
        raw = sum(item.table is RAW_BLOCK for item in self.waiting)
        for table in (RAW_BLOCK, WAVE_BLOCK, NUMERIC):
            kept: list[Waiting] = []
            for item in self.waiting:
                if self.weight > limit_bytes and item.table is table:
                    self.weight -= item.weight
                    dropped += 1
                    self._remember_loss(item)
                else:
                    kept.append(item)
            self.waiting = kept
        self._number_raw(raw - sum(item.table is RAW_BLOCK for item in self.waiting))
        return dropped

    def note_losses(self, reason: str) -> None:
        """Write a gap for what was dropped, once there is room again."""
        lost, self._lost = self._lost, {}
        for (source, channel), (begin, end_ns) in lost.items():
            self.add(GapEntry(begin, source, channel, max(0, end_ns - begin.t_ns), reason))

    def _encode(self, entry: JournalEntry) -> None:
        if isinstance(entry, WaveBlock):
            stream = self._stream(entry)
            check_samples(entry)
            self._wave_rows(stream.key, stream.merger.add(entry))
        elif isinstance(entry, NumericEntry):
            self._numeric(entry)
        elif isinstance(entry, RawEntry):
            check_piece(entry)
            merger = self._raw.setdefault((entry.source, entry.sent), RawMerger())
            self._raw_rows(merger.add(entry))
        else:
            self._entry(TABLE_OF[type(entry)], entry)

    def _entry(self, table: EntryTable, entry: JournalEntry) -> None:
        seq = self._state.next_seq
        row = table.encode(entry, self._state.session_key, seq)
        audit = self._audit(table.name, entry, str(seq))
        self._state.next_seq += 1
        self._wait(Waiting(table.table, row, audit))

    def _audit(self, table: str, entry: JournalEntry, entity_id: str) -> AuditEvent | None:
        rule = audit_rule(entry)
        if rule is None:
            return None
        new = canonical_json(entry_fields(entry))
        action, old = rule.action(entry), None
        if rule.key is not None:
            key = (table, rule.key(entry))
            old = self._state.newest.get(key)
            self._state.newest[key] = new
            if old is not None and action == "create":
                action = "update"
        session, reason = self._state.session_id, rule.reason(entry)
        return AuditEvent(entry.stamp, rule.by(entry), action, table, entity_id, session, old, new, reason)

    def _numeric(self, entry: NumericEntry) -> None:
        value = entry.value
        row: Row = {
            "session_key": self._state.session_key,
            "seq": self._state.next_seq,
            "t_ns": checked_int(entry.stamp.t_ns),
            "utc_ms": checked_int(entry.stamp.utc_ms),
            "channel": self._numeric_channel(entry),
            "value": None if value is None or value != value else float(value),  # noqa: PLR0124 - not a number
            "quality": entry.quality.value,
        }
        self._state.next_seq += 1
        self._wait(Waiting(NUMERIC, row))

    def _numeric_channel(self, entry: NumericEntry) -> int:
        key = (checked_text(entry.source), checked_text(entry.name), checked_text(entry.unit))
        known = self._state.numeric_channels.get(key)
        if known is not None:
            return known
        number = self._state.new_channel()
        self._state.numeric_channels[key] = number
        self._channel(number, kind="numeric", source=key[0], name=key[1], unit=key[2])
        return number

    def _stream(self, block: WaveBlock) -> _Stream:
        known = self._streams.get((block.source, block.name))
        if known is not None and known.rate_hz == block.rate_hz and _same(known.scale, block.scale):
            return known
        check_channel(block)
        key = wave_key(block)
        stream = _Stream(block.rate_hz, block.scale, key, self._mergers.setdefault(key, WaveMerger()))
        self._streams[block.source, block.name] = stream
        return stream

    def _wave_rows(self, key: WaveKey, blocks: Iterable[WaveBlock]) -> None:
        for block in blocks:
            number = self._wave_channel(key)
            self._wait(Waiting(WAVE_BLOCK, encode_block(block, self._state.session_key, number), block=block))

    def _raw_rows(self, rows: Iterable[list[RawEntry]]) -> None:
        for pieces in rows:
            row = encode_pieces(pieces, self._state.session_key, self._state.next_raw)
            self._state.next_raw += 1
            audit = self._raw_begins(pieces[0])
            self._wait(Waiting(RAW_BLOCK, row, audit, raw_end_t_ns=pieces[-1].stamp.t_ns))

    def _raw_begins(self, first: RawEntry) -> AuditEvent | None:
        """Return what the trail says of the first raw bytes of a link; of the others it says nothing."""
        source, session = first.source, self._state.session_id
        if source in self._state.raw_sources:
            return None
        self._state.raw_sources.add(source)
        new = canonical_json({"source": source})
        return AuditEvent(first.stamp, SYSTEM, CREATE, RAW_BLOCK.name, source, session, new_json=new)

    def _number_raw(self, dropped: int) -> None:
        """Number the waiting raw rows anew after some were dropped: in the file their count has no holes."""
        rows = [item.row for item in self.waiting if item.table is RAW_BLOCK]
        self._state.next_raw -= dropped
        for number, row in enumerate(rows, start=self._state.next_raw - len(rows)):
            row["number"] = number

    def _wave_channel(self, key: WaveKey) -> int:
        known = self._state.wave_channels.get(key)
        if known is not None:
            return known
        number = self._state.new_channel()
        self._state.wave_channels[key] = number
        columns = ("source", "name", "unit", "rate_hz", "unit_per_count", "zero", "low", "high")
        self._channel(number, kind="wave", **{name: getattr(key, name) for name in columns})
        return number

    def _channel(self, number: int, **columns: Any) -> None:
        empty: Row = dict.fromkeys(("rate_hz", "unit_per_count", "zero", "low", "high"))
        numbered = {"session_key": self._state.session_key, "channel": number}
        self._wait(Waiting(CHANNEL, {**numbered, **empty, **columns}))

    def _wait(self, item: Waiting) -> None:
        self.waiting.append(item)
        self.weight += item.weight

    def _remember_loss(self, item: Waiting) -> None:
        block = item.block
        if item.raw_end_t_ns is not None:
            row = item.row
            if item.audit is not None:
                self._state.raw_sources.discard(row["source"])  # the next row tells the trail instead
            key, begin, end_ns = (
                (row["source"], RAW_CHANNEL),
                Stamp(row["t_ns"], row["utc_ms"]),
                item.raw_end_t_ns,
            )
        elif block is not None:
            end_ns = block.stamp.t_ns + round(block.counts.size / block.rate_hz * NS_PER_S)
            key, begin = (block.source, block.name), block.stamp
        else:
            return
        first, before_ns = self._lost.get(key, (begin, end_ns))
        self._lost[key] = (first, max(before_ns, end_ns))


def _same(known: WaveScale, scale: WaveScale) -> bool:
    """Whether two scales are one; drivers pass the same object again, which is told without comparing."""
    return known is scale or known == scale


def _note(entry: JournalEntry, problem: str) -> SystemEntry:
    quoted = f"not recorded as it was: {problem}: {entry!r}"[:_QUOTED]
    text = quoted.encode("ascii", "backslashreplace").decode("ascii")
    stamp = entry.stamp
    fits = all(-(1 << 63) <= number < 1 << 63 for number in (stamp.t_ns, stamp.utc_ms))
    return SystemEntry(stamp if fits else Stamp(0, 0), "NOT_RECORDED", text)
