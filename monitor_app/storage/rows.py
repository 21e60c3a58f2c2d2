"""Reading the rows of one session back as journal entries. Damaged cells are reported by table and row."""

import heapq
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from devices.errors import DatabaseCorruptError
from devices.signals import Quality, WaveScale
from monitor_app.core.journal import JournalEntry, NumericEntry, SessionOpened, WaveBlock
from monitor_app.core.raw import RawEntry
from monitor_app.core.stamp import Stamp
from monitor_app.storage.failure import corrupt
from monitor_app.storage.raw_rows import decode_row
from monitor_app.storage.schema.entry_table import EntryTable
from monitor_app.storage.schema.raw import RAW_BLOCK
from monitor_app.storage.schema.registry import ENTRY_TABLES
from monitor_app.storage.schema.session import CHANNEL, NUMERIC, SESSION, WAVE_BLOCK, decode_opened
from monitor_app.storage.wave_rows import WaveKey, unpack_counts

_DAMAGE = (ValueError, TypeError, KeyError, OverflowError)
_ROWS_AT_A_TIME = 500
_RAW_ROWS_AT_A_TIME = 50  # a row may be as large as its limit of 128 KiB


class DamagedRowError(DatabaseCorruptError):
    """A row cannot be read: ``table`` and ``row`` say which."""

    def __init__(self, path: Path, table: str, row: str, detail: str) -> None:
        super().__init__(str(corrupt(path, f"{table} row {row}: {detail}")))
        self.table = table
        self.row = row
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels of one session by number."""

    waves: dict[int, WaveKey]
    numerics: dict[int, tuple[str, str, str]]  # source, name, unit


class SessionRows:
    """The rows of one session, read through an open connection."""

    def __init__(self, connection: Connection, path: Path, session_key: int) -> None:
        self._connection = connection
        self._path = path
        self._session_key = session_key

    def opened(self) -> SessionOpened:
        """Return the session's head."""
        query = select(SESSION).where(SESSION.c.session_key == self._session_key)
        row = self._connection.execute(query).one()
        try:
            return decode_opened(row)
        except _DAMAGE as error:
            raise self._damaged("session", row.session_key, error) from error

    def channels(self) -> Channels:
        """Return the session's channels."""
        waves: dict[int, WaveKey] = {}
        numerics: dict[int, tuple[str, str, str]] = {}
        query = select(CHANNEL).where(CHANNEL.c.session_key == self._session_key).order_by(CHANNEL.c.channel)
        for row in self._connection.execute(query):
            if row.kind == "wave":
                waves[row.channel] = WaveKey(row.source, row.name, row.rate_hz, row.unit, *row[7:])
            elif row.kind == "numeric":
                numerics[row.channel] = (row.source, row.name, row.unit)
            else:
                raise self._damaged("channel", row.channel, ValueError(f"unknown kind {row.kind!r}"))
        return Channels(waves, numerics)

    def entries(self) -> list[tuple[int, JournalEntry]]:
        """Return (seq, entry) of everything but the waves, in the order it was recorded."""
        found: list[tuple[int, JournalEntry]] = list(self._numerics(self.channels().numerics))
        for table in ENTRY_TABLES:
            found.extend(self.of(table))
        found.sort(key=_seq)
        return found

    def of(self, table: EntryTable) -> Iterator[tuple[int, JournalEntry]]:
        """Yield (seq, entry) of one table."""
        for row in self._connection.execute(self._ordered(table.table)):
            try:
                yield row[1], table.decode(row)
            except _DAMAGE as error:
                raise self._damaged(table.name, row[1], error) from error

    def _numerics(self, channels: dict[int, tuple[str, str, str]]) -> Iterator[tuple[int, NumericEntry]]:
        qualities = {flag.value: flag for flag in (Quality.GOOD, *Quality)}
        for row in self._connection.execute(self._ordered(NUMERIC)).all():  # at once: rows are many and small
            _, seq, t_ns, utc_ms, channel, value, bits = row
            try:
                source, name, unit = channels[channel]
                quality = qualities[bits] if bits in qualities else Quality(bits)
                number = None if value is None else float(value)
                yield seq, NumericEntry(Stamp(int(t_ns), int(utc_ms)), source, name, number, unit, quality)
            except _DAMAGE as error:
                raise self._damaged("numeric", seq, error) from error

    def blocks(self, keys: dict[int, WaveKey]) -> Iterator[WaveBlock]:
        """Yield the rows of some channels in the order they were recorded, each read as it is asked for."""
        query = (
            select(WAVE_BLOCK)
            .where(WAVE_BLOCK.c.session_key == self._session_key, WAVE_BLOCK.c.channel.in_(list(keys)))
            .order_by(WAVE_BLOCK.c.block_key)
        )
        tracks = {channel: (key, wave_scale(key)) for channel, key in keys.items()}
        options = {"yield_per": _ROWS_AT_A_TIME}  # one by one each row would cost a round through the driver
        for row in self._connection.execute(query, execution_options=options):
            try:
                yield _block(row, *tracks[row[2]])
            except _DAMAGE as error:
                raise self._damaged("wave_block", row[0], error) from error

    def raw(self, source: str) -> Iterator[RawEntry]:
        """Yield the raw bytes of one link in the order of time, each row read as it is asked for."""
        both = (self._raw(source, sent=False), self._raw(source, sent=True))
        return heapq.merge(*both, key=lambda piece: piece.stamp.t_ns)

    def _raw(self, source: str, *, sent: bool) -> Iterator[RawEntry]:
        of = (RAW_BLOCK.c.session_key == self._session_key, RAW_BLOCK.c.source == source)
        query = select(RAW_BLOCK).where(*of, RAW_BLOCK.c.sent == int(sent)).order_by(RAW_BLOCK.c.number)
        for row in self._connection.execute(query, execution_options={"yield_per": _RAW_ROWS_AT_A_TIME}):
            try:
                yield from decode_row(row)
            except (*_DAMAGE, struct.error) as error:
                raise self._damaged("raw_block", row[1], error) from error

    def _ordered(self, table: Table) -> Any:
        return select(table).where(table.c.session_key == self._session_key).order_by(table.c.seq)

    def _damaged(self, table: str, row: object, error: Exception) -> DamagedRowError:
        return DamagedRowError(self._path, table, str(row), str(error))


def wave_scale(key: WaveKey) -> WaveScale:
    """Return the scale of a channel."""
    return WaveScale(key.unit, key.unit_per_count, key.zero, key.low, key.high)


def _block(row: Sequence[Any], key: WaveKey, scale: WaveScale) -> WaveBlock:
    _, _, _, t_ns, utc_ms, first_sample, form, samples, _ = row
    counts = unpack_counts(form, samples)
    stamp = Stamp(int(t_ns), int(utc_ms))
    return WaveBlock(stamp, key.source, key.name, key.rate_hz, int(first_sample), counts, scale)


def _seq(item: tuple[int, JournalEntry]) -> int:
    return item[0]
