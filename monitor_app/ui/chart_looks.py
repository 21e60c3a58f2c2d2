"""The look in force, as the strips and the trend chart take it."""

from types import MappingProxyType

from PySide6.QtGui import QColor

from monitor_app.core.priority import Priority
from monitor_app.ui.look import Look
from monitor_app.ui.strip_style import StripStyle
from monitor_app.ui.style import BODY, CAPTION, SMALL
from monitor_app.ui.trend_style import TrendStyle


def strip_style(look: Look) -> StripStyle:
    """Colours and fonts of the strips."""
    return StripStyle(
        background=look.colour("background"),
        hairline=look.colour("hairline"),
        muted=look.colour("muted"),
        warning=look.colour("text"),
        roles=MappingProxyType(
            {"ecg": look.colour("ecg"), "pleth": look.colour("spo2"), "resp": look.colour("resp")}
        ),
        title_font=look.name(BODY),
        caption_font=look.text(SMALL),
        scale=look.metrics.scale,
    )


def trend_style(look: Look) -> TrendStyle:
    """Colours and fonts of the chart."""
    return TrendStyle(
        background=look.colour("background"),
        grid=look.colour("text"),
        muted=look.colour("muted"),
        text=look.colour("text"),
        hr=look.colour("ecg"),
        spo2=look.colour("spo2"),
        nibp=look.colour("nibp"),
        drug=look.colour("dose"),
        bands=MappingProxyType(
            {
                "BASE": look.colour("spo2"),
                "INF": look.colour("dose"),
                "PAUSE": look.colour("muted"),
                "REC": look.colour("ecg"),
            }
        ),
        alarms=MappingProxyType(
            {
                **{
                    p.value: QColor(look.palette.ink(p))
                    for p in (Priority.HIGH, Priority.MEDIUM, Priority.LOW)
                },
                "INFO": look.colour("muted"),
            }
        ),
        font=look.text(CAPTION),
        scale=look.metrics.scale,
    )
