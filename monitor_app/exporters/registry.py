"""Which export formats exist. A new one is a module with a ``Writer`` and a line here."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from devices.errors import KnownError
from monitor_app.exporters.csv_bundle import csv_bundle
from monitor_app.exporters.export import Writer
from monitor_app.exporters.json_session import json_session
from monitor_app.exporters.raw_bundle import raw_bundle


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """``id`` is the word of ``chairside export --format``."""

    id: str
    title: str
    write: Writer


FORMATS: Mapping[str, ExportFormat] = MappingProxyType(
    {
        item.id: item
        for item in (
            ExportFormat("csv", "CSV tables with a data dictionary", csv_bundle),
            ExportFormat("json", "The whole session as JSON", json_session),
        )
    }
)


RAW = ExportFormat("raw", "The bytes of the monitors' lines", raw_bundle)
"""Apart from the others: only a session that was recorded with its bytes has them."""


def export_format(name: str) -> ExportFormat:
    """Return a format by its id; raises KnownError naming those there are."""
    found = RAW if name == RAW.id else FORMATS.get(name)
    if found is None:
        raise KnownError(f"there is no export format {name!r}: choose one of {', '.join(FORMATS)}")
    return found
