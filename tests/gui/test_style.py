"""Tokens against the page that names them, contrast against WCAG, sizes against millimetres."""

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor_app.core.priority import Priority
from monitor_app.ui.metrics import CAP_HEIGHT_EM, REFERENCE_PX_PER_MM, Metrics, plausible_px_per_mm
from monitor_app.ui.style import DARK, PALETTES, SYMBOLS, TYPE_SCALE, Theme

TOKENS = {
    "background": "background",
    "panel": "panel",
    "raised": "raised",
    "hairline": "hairline",
    "text": "text",
    "muted": "muted",
    "dim": "dim",
    "ECG/HR": "ecg",
    "SpO2/pleth": "spo2",
    "NIBP": "nibp",
    "respiration": "resp",
    "drug and dose": "dose",
    "HIGH": "high",
    "MEDIUM": "medium",
    "LOW": "low",
}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("words", "token"), TOKENS.items())
def test_dark_tokens_are_those_of_the_page(shared_spec, words: str, token: str) -> None:
    page = (shared_spec / "screen.md").read_text(encoding="utf-8")
    found = re.search(re.escape(words) + r" `(#[0-9A-F]{6})`", page)
    assert found is not None
    assert getattr(DARK, token) == found.group(1)


def test_type_scale_is_that_of_the_page(shared_spec) -> None:
    page = (shared_spec / "screen.md").read_text(encoding="utf-8")
    assert f"Scale: {' · '.join(map(str, TYPE_SCALE))}" in page


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("token", ["text", "muted", "ecg", "spo2", "nibp", "resp", "dose", "danger"])
def test_what_carries_information_is_legible(theme: Theme, token: str) -> None:
    palette = PALETTES[theme]
    assert contrast(getattr(palette, token), palette.background) >= 4.5
    assert contrast(palette.muted, palette.panel) >= 4.5


@pytest.mark.parametrize("theme", Theme)
def test_alarm_fills_are_legible_and_reserved(theme: Theme) -> None:
    palette = PALETTES[theme]
    fills = [palette.fill(x) for x in (Priority.HIGH, Priority.MEDIUM, Priority.LOW)]
    for fill in fills:
        assert contrast(palette.on_alarm, fill) >= 4.5
    others = {
        getattr(palette, name) for name in ("ecg", "spo2", "nibp", "resp", "dose", "text", "danger", "hatch")
    }
    assert not others & set(fills)
    assert all(a != b for a, b in combinations(fills, 2))


def test_every_priority_has_its_own_mark() -> None:
    assert (SYMBOLS[Priority.HIGH], SYMBOLS[Priority.MEDIUM], SYMBOLS[Priority.LOW]) == ("!!!", "!!", "!")


@given(
    width=st.integers(1280, 3840),
    height=st.integers(720, 2160),
    px_per_mm=st.floats(2.5, 8.0),
)
def test_what_is_read_across_the_room_has_its_millimetres(width: int, height: int, px_per_mm: float) -> None:
    metrics = Metrics(width, height, px_per_mm)
    assert metrics.number_px * CAP_HEIGHT_EM >= 20 * px_per_mm - 1
    assert metrics.nibp_px * CAP_HEIGHT_EM >= (15 if metrics.compact else 20) * px_per_mm - 1
    assert metrics.alarm_px >= max(24, 7 * px_per_mm - 1)
    assert metrics.button_px >= 15 * px_per_mm - 1


@pytest.mark.parametrize(
    ("size", "px_per_mm", "compact", "scale"),
    [
        ((1920, 1080), REFERENCE_PX_PER_MM, False, 1.0),
        ((1366, 768), 96 / 25.4, True, 1.0),
        ((3840, 2160), 2 * REFERENCE_PX_PER_MM, False, 2.0),
        ((2560, 1440), 4.29, False, 4.29 / REFERENCE_PX_PER_MM),
        ((1920, 1080), 2.0, False, 1.0),
    ],
)
def test_scale_follows_the_glass_not_the_pixels(size, px_per_mm: float, compact: bool, scale: float) -> None:
    metrics = Metrics(*size, px_per_mm)
    assert metrics.compact is compact
    assert metrics.scale == pytest.approx(scale, rel=0.01)


def test_a_screen_that_lies_about_its_size_is_not_believed() -> None:
    assert plausible_px_per_mm(1920, 531.4, 96) == pytest.approx(3.613, abs=0.01)
    assert plausible_px_per_mm(1920, 16, 96) == pytest.approx(96 / 25.4)
    assert plausible_px_per_mm(1920, 0, 120) == pytest.approx(120 / 25.4)
