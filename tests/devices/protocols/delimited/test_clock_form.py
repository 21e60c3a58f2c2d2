import pytest

from devices.protocols.delimited.clock_form import ClockForm


@pytest.mark.parametrize(
    ("form", "text", "posix_s"),
    [
        ("YYYY-MM-DD hh:mm:ss", "2026-01-02 10:15:30", 1767348930.0),
        ("MM/DD/YY hh:mm:ss", "01/02/26 10:15:30", 1767348930.0),
        ("YYYYMMDDhhmm", "202601021015", 1767348900.0),
        ("hh:mm:ss", "10:15:30", None),
        ("[hh.mm]", "[10.15]", None),
    ],
)
def test_reading_and_writing(form, text, posix_s):
    clock = ClockForm(form)
    assert clock.problem == ""
    assert clock.valid(text)
    assert clock.posix_s(text) == posix_s
    assert clock.write(1767348930.0) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-02",
        "2026-13-02 10:15:30",
        "2026-02-30 10:15:30",
        "2026-01-02 25:15:30",
        "2026-01-02x10:15:30",
    ],
)
def test_what_is_no_time(text):
    clock = ClockForm("YYYY-MM-DD hh:mm:ss")
    assert not clock.valid(text)
    assert clock.posix_s(text) is None


@pytest.mark.parametrize(
    "form", ["YYYY-MM-DD", "hh", "hh:mm hh", "YY YYYY hh:mm", "hh:mm" + "-" * 40, "hh:mm\n"]
)
def test_forms_that_cannot_be_used(form):
    assert ClockForm(form).problem
