"""The parts of a monitor description that say what stands in a record: the line, its fields, the cuff."""

from devices.description_table import Table
from devices.protocols.delimited.clock_form import ClockForm
from devices.protocols.delimited.layout import (
    ChecksumKind,
    FieldLayout,
    LineForm,
    LineLayout,
    NibpLayout,
)
from devices.signals import NibpFailure

_HL7_TIME = ClockForm("YYYYMMDDhhmmss")
_CAUSES = {failure.value: failure for failure in NibpFailure}


def line_of(table: Table) -> LineLayout:
    """Read the table ``[line]``. Raises ConfigError, like everything here."""
    form = LineForm(table.choice("form", tuple(form.value for form in LineForm)))
    if form is LineForm.HL7:
        table.done()
        return LineLayout(form)
    kind = ChecksumKind(table.choice("checksum", tuple(kind.value for kind in ChecksumKind), "none"))
    layout = LineLayout(
        form=form,
        separator=table.text("separator", " " if form is LineForm.KEY_VALUE else ","),
        assign=table.text("assign", "="),
        start=table.raw("start", ""),
        ending=table.raw("ending", "\r\n"),
        count=table.whole("count", low=1, high=200) if form is LineForm.FIELDS else 0,
        checksum=kind,
        checksum_mark=table.raw("checksum_mark", ""),
        checksum_covers_start=table.flag("checksum_covers_start"),
    )
    if not layout.ending or layout.ending[-1].isprintable():
        raise table.error("ending", 'end each line with a control character, such as "\\r\\n"')
    if not layout.separator or not layout.assign or layout.separator == layout.assign:
        raise table.error("separator", "write what stands between two fields, another text than 'assign'")
    table.done()
    return layout


def field_of(table: Table, line: LineLayout) -> FieldLayout:
    """Read one ``[[field]]``."""
    name, unit = table.text("name"), table.text("unit")
    limits = {"SPO2": (1.0, 100.0), "HR": (0.0, 350.0), "PR": (0.0, 350.0), "RR": (0.0, 200.0)}
    low, high = limits.get(name, (float("-inf"), float("inf")))
    field = FieldLayout(
        field=table.name("field"),
        name=name,
        unit=unit,
        invalid=table.texts("invalid"),
        suffix=table.text("suffix", ""),
        scale=table.number("scale", 1.0, low=1e-6, high=1e6),
        low=table.number("low", low, low=-1e6, high=1e6),
        high=table.number("high", high, low=-1e6, high=1e6),
        decimals=table.whole("decimals", 0, low=0, high=4),
        width=table.whole("width", 0, low=0, high=20),
    )
    if field.low >= field.high:
        raise table.error("high", f"write a number above 'low', which is {field.low:g}")
    _usual_unit(table, field)
    check_position(table, "field", field.field, line)
    table.done()
    return field


def _usual_unit(table: Table, field: FieldLayout) -> None:
    units = {"SPO2": "%", "HR": "/min", "PR": "/min", "RR": "/min", "PI": "%", "TEMP": "Cel"}
    expected = units.get(field.name, field.unit)
    if field.unit != expected:
        raise table.error("unit", f'{field.name} is kept in "{expected}": write that, and a scale if needed')


def check_position(table: Table, key: str, field: str, line: LineLayout) -> None:
    """Refuse a field that a line of separated fields cannot have."""
    if line.form is LineForm.FIELDS and field and not (field.isdigit() and 1 <= int(field) <= line.count):
        raise table.error(key, f"write the number of a field, 1 to {line.count}")


def clock_form(table: Table, key: str) -> ClockForm:
    """Read the form of a time."""
    form = ClockForm(table.text(key))
    if form.problem:
        raise table.error(key, f"{form.problem}; write for example YYYY-MM-DD hh:mm:ss")
    return form


def nibp_of(table: Table, line: LineLayout) -> NibpLayout:
    """Read the table ``[nibp]``."""
    invalid, width = table.texts("invalid"), table.whole("width", 0, low=0, high=20)
    scale = table.number("scale", 1.0, low=1e-6, high=1e6)
    decimals = table.whole("decimals", 0, low=0, high=4)

    def value(key: str, unit: str, default: str | None = None) -> FieldLayout | None:
        field = table.name(key) if default is None else table.name(key, default)
        check_position(table, key, field, line)
        if not field:
            return None
        factor, high = (scale, 300.0) if unit == "mm[Hg]" else (1.0, 350.0)
        return FieldLayout(field, key, unit, invalid, "", factor, 5.0, high, decimals, width)

    systolic, diastolic = value("systolic", "mm[Hg]"), value("diastolic", "mm[Hg]")
    assert systolic is not None
    assert diastolic is not None
    timed = line.form is not LineForm.HL7
    layout = NibpLayout(
        systolic=systolic,
        diastolic=diastolic,
        mean=value("mean", "mm[Hg]", ""),
        pulse=value("pulse", "/min", ""),
        time=table.name("time") if timed else "",
        time_form=clock_form(table, "time_form") if timed else _HL7_TIME,
        status=table.name("status", ""),
        ok=table.texts("ok"),
        failures=_failures(table),
    )
    for key, field in (("time", layout.time), ("status", layout.status)):
        check_position(table, key, field, line)
    if layout.failures and not layout.status:
        raise table.error("failures", "name the field they stand in with 'status'")
    if layout.status and not layout.ok:
        raise table.error("ok", "write what 'status' says when there is nothing wrong")
    table.done()
    return layout


def _failures(table: Table) -> tuple[tuple[str, NibpFailure], ...]:
    found: list[tuple[str, NibpFailure]] = []
    for text, cause in table.entries("failures").items():
        if cause not in _CAUSES:
            raise table.error(f"failures.{text}", f"choose one of {', '.join(_CAUSES)}")
        found.append((text, _CAUSES[cause]))
    return tuple(found)
