"""From the content of a monitor description to its layout and line settings; every mistake is one sentence."""

import re
from typing import Any

from devices.description_parts import check_position, clock_form, field_of, line_of, nibp_of
from devices.description_table import Table
from devices.drivers.base import SerialSettings
from devices.protocols.delimited.clock_form import ClockForm
from devices.protocols.delimited.layout import FieldLayout, LineForm, LineLayout, MonitorLayout
from devices.protocols.hl7.message import parse_message
from devices.protocols.hl7.mllp import frame_message

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def read_description(name: str, content: dict[str, Any]) -> tuple[MonitorLayout, tuple[SerialSettings, ...]]:
    """Turn the content of a file into a layout and its line settings.

    :raises ConfigError: it describes something impossible; one sentence that names ``name``, the table and the key.
    """
    file = Table(name, content)
    monitor, serial, line = (_needed(file, key) for key in ("monitor", "serial", "line"))
    settings = _serial(serial)
    shape = line_of(line)
    fields = tuple(field_of(table, shape) for table in file.tables("field"))
    nibp_table, time_table = file.table("nibp"), file.table("time")
    file.done()
    layout = _monitor(monitor, shape, fields, (nibp_table, time_table))
    _consistent(file, layout)
    return layout, settings


def _needed(file: Table, key: str) -> Table:
    table = file.table(key)
    if table is None:
        raise file.error(key, f"the table [{key}] is missing")
    return table


def _serial(table: Table) -> tuple[SerialSettings, ...]:
    others = table.tables("other")
    settings = [_settings(one) for one in (table, *others)]
    for one in (table, *others):
        one.done()
    return tuple(settings)


def _settings(table: Table) -> SerialSettings:
    return SerialSettings(
        baud=table.whole("baud", low=300, high=4_000_000),
        bits=table.whole("bits", 8, low=7, high=8),
        parity=table.choice("parity", ("N", "E", "O"), "N"),
        stop_bits=table.whole("stop_bits", 1, low=1, high=2),
        rtscts=table.flag("rtscts"),
        xonxoff=table.flag("xonxoff"),
    )


def _monitor(
    table: Table,
    line: LineLayout,
    fields: tuple[FieldLayout, ...],
    others: tuple[Table | None, Table | None],
) -> MonitorLayout:
    clock, form = _clock(others[1], line)
    layout = MonitorLayout(
        id=table.text("id"),
        name=table.text("name"),
        manufacturer=table.text("manufacturer", ""),
        model=table.text("model", ""),
        interval_s=table.number("interval_s", low=0.1, high=60.0),
        line=line,
        fields=fields,
        request=_request(table, line),
        nibp=nibp_of(others[0], line) if others[0] is not None else None,
        clock=clock,
        clock_form=form,
        identity=table.name("identity", ""),
        alarm=table.name("alarm", ""),
        quiet=table.texts("quiet"),
        ignored=tuple(str(field) for field in table.texts("ignored")),
        cannot=table.texts("cannot"),
        cable_hints=table.texts("cable_hints"),
    )
    if not _ID.fullmatch(layout.id):
        raise table.error("id", "write small letters, digits and hyphens")
    for key, sentences in (("cannot", layout.cannot), ("cable_hints", layout.cable_hints)):
        if not all(text.endswith(".") and text[0].isupper() for text in sentences):
            raise table.error(key, "write whole sentences, with a capital letter and a full stop")
    table.done()
    return layout


def _request(table: Table, line: LineLayout) -> bytes:
    request = table.raw("request", "").encode("ascii")
    if not request or line.form is not LineForm.HL7:
        return request
    if parse_message(request) is None:
        raise table.error("request", 'write a whole HL7 message, its segments ended by "\\r"')
    return frame_message(request)


def _clock(table: Table | None, line: LineLayout) -> tuple[str, ClockForm | None]:
    if table is None:
        return "", None
    field, form = table.name("field"), clock_form(table, "form")
    if line.form is LineForm.HL7:
        raise table.error("field", "leave [time] out: an HL7 message has its own time")
    check_position(table, "field", field, line)
    table.done()
    return field, form


def _consistent(file: Table, layout: MonitorLayout) -> None:
    """Refuse what each table allows and all together do not."""
    if not layout.fields:
        raise file.error("field", "describe at least one [[field]]")
    _placeholders(file, layout)
    names = [field.name for field in layout.fields]
    places = [field.field for field in (*layout.fields, *(layout.nibp.values if layout.nibp else ()))]
    for kind, things in (("name", names), ("field", places)):
        for thing in things:
            if things.count(thing) > 1:
                raise file.error("field", f"the {kind} '{thing}' is used twice: each may stand for one thing")


def _placeholders(file: Table, layout: MonitorLayout) -> None:
    """Refuse what would make a record ambiguous: a separator inside a time, or nothing between two blanks."""
    line, nibp = layout.line, layout.nibp
    if line.form is LineForm.HL7:
        return
    forms = [("time", layout.clock_form), ("nibp", nibp.time_form if nibp is not None else None)]
    for key, form in forms:
        if form is not None and line.separator in form.form:
            raise file.error(key, f"a time must not hold the separator '{line.separator}'")
    fields = (*layout.fields, *(nibp.values if nibp is not None else ()))
    if line.form is LineForm.FIELDS and line.separator == " " and not all(f.invalid for f in fields):
        raise file.error(
            "field", "write with 'invalid' what stands where there is no value, or no blank is seen"
        )
