"""The CSV bundle (clinical.md §13.6): one table per kind of content, and a dictionary of every column."""

from collections.abc import Iterator

from monitor_app.core.record import SessionRecord
from monitor_app.exporters.alarm_waves import AlarmWaves
from monitor_app.exporters.csv_dictionary import dictionary_file
from monitor_app.exporters.csv_events import event_files
from monitor_app.exporters.csv_numerics import numerics_file
from monitor_app.exporters.csv_waves import wave_files
from monitor_app.exporters.export import ExportFile, ExportOptions


def csv_bundle(record: SessionRecord, options: ExportOptions) -> Iterator[ExportFile]:
    """Yield the files of the bundle. Raises ConfigError for an unknown time zone."""
    yield numerics_file(record, options)
    yield from event_files(record, options)
    around_alarms = AlarmWaves(record, options)
    yield from around_alarms.files()
    if options.with_waves:
        yield from wave_files(record, options)
    yield dictionary_file(record, options, around_alarms.columns)
