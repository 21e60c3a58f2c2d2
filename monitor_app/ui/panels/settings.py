"""The screen itself: colours, true millimetres, who is at the chair, and what Chairside is (clinical.md §0, §8.6)."""

from functools import partial

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from monitor_app.core.stamp import Actor
from monitor_app.ui.canvas import Canvas, Painted
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.panels.inputs import Chips
from monitor_app.ui.requests import CalibrationChosen, ThemeChosen, TrendWindowChosen, UserChosen
from monitor_app.ui.style import PALETTES, Theme

INTENDED_USE = (
    "Chairside is a documentation, secondary-display and training companion. It does not control the infusion pump, "
    "does not replace the primary monitor's alarms, and is not a cleared medical device. Simulated or replayed data "
    "carry the mark SIMULATED – NOT A PATIENT, which cannot be turned off."
)
"""clinical.md §0, Intended use statement."""

THEMES = {"Dark": Theme.DARK, "Light": Theme.LIGHT, "Night": Theme.NIGHT}
TREND_MINUTES = {"15 min": 15, "30 min": 30, "1 h": 60, "2 h": 120, "Whole visit": 0}
"""clinical.md §13.1."""

ROLES = ("nurse", "prescriber", "clinical lead", "trainer")
BAR_MM = 50.0


class SettingsPanel(Panel):
    """Colours, far view, trend span, calibration, who, about.

    Signals: ``far_view`` switches the large numbers, ``freeze`` holds the waves still.
    """

    far_view = Signal()
    freeze = Signal()

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Screen"), who)
        self.theme = Chips(tuple(THEMES))
        self.theme.chosen.connect(lambda said: self.asked.emit(ThemeChosen(THEMES[said])))
        self.trend = Chips(tuple(TREND_MINUTES))
        self.trend.chosen.connect(lambda said: self.asked.emit(TrendWindowChosen(TREND_MINUTES[said])))
        top = QHBoxLayout()
        top.addWidget(label(self.tr("Colours"), "strong"))
        top.addWidget(self.theme, 3)
        top.addWidget(label(self.tr("Trend"), "strong"))
        top.addWidget(self.trend, 5)
        below = QHBoxLayout()
        below.addWidget(button(self.tr("Far view · F11"), self._far))
        below.addWidget(button(self.tr("Freeze waves · ⇧F11"), self._freeze))
        below.addWidget(button(self.tr("True millimetres"), lambda: self.open_panel.emit("calibrate")))
        below.addWidget(button(self.tr("Who is here"), lambda: self.open_panel.emit("user")))
        below.addWidget(button(self.tr("Alarm self-test"), lambda: self.open_panel.emit("selftest")))
        below.addWidget(button(self.tr("About"), lambda: self.open_panel.emit("about")))
        self.add_below_title(button(self.tr("Monitor"), lambda: self.open_panel.emit("connection"), "quiet"))
        self.body.addLayout(top)
        self.body.addLayout(below)

    def set_look(self, look: Look) -> None:
        """Mark the colours in force."""
        super().set_look(look)
        names = [name for name, theme in THEMES.items() if PALETTES[theme] == look.palette]
        self.theme.choose(names[0] if names else "")

    def _freeze(self) -> None:
        self.done.emit()
        self.freeze.emit()

    def _far(self) -> None:
        self.done.emit()
        self.far_view.emit()


class CalibrationBar(Painted):
    """A bar that should measure 50 mm."""

    OPAQUE = False

    def __init__(self) -> None:
        super().__init__()
        self.px_per_mm = 1.0

    def paint(self, canvas: Canvas) -> None:
        """Draw the bar and the ticks at its ends."""
        ink = self.look.colour("text")
        length = self.px_per_mm * BAR_MM
        middle = self.height() / 2
        canvas.fill(QRectF(2, middle - 2, length, 4), ink)
        for x in (2.0, 2 + length):
            canvas.fill(QRectF(x - 1, middle - 14, 2, 28), ink)

    def sizeHint(self) -> QSize:
        """Return room for the bar on the densest screen."""
        return QSize(round(self.px_per_mm * BAR_MM) + 8, 40)

    def minimumSizeHint(self) -> QSize:
        """Return room for the bar."""
        return self.sizeHint()


class CalibratePanel(Panel):
    """Hold a ruler to the bar and make it 50 mm (clinical.md §8.6)."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("True millimetres"), who)
        self.bar = CalibrationBar()
        row = QHBoxLayout()
        for text, step in (("− −", 1 / 1.02), ("−", 1 / 1.002), ("+", 1.002), ("+ +", 1.02)):
            row.addWidget(button(text, partial(self._stretch, step)))
        row.addWidget(button(self.tr("It is 50 mm"), self._take, "primary"), 1)
        self.body.addWidget(label(self.tr("Hold a ruler to the bar until it measures 50 mm.")))
        self.body.addWidget(self.bar)
        self.body.addLayout(row)

    def set_look(self, look: Look) -> None:
        """Start from the millimetres in force."""
        super().set_look(look)
        self.bar.set_look(look)
        self.bar.px_per_mm = look.metrics.px_per_mm

    def _stretch(self, factor: float) -> None:
        self.bar.px_per_mm *= factor
        self.bar.updateGeometry()
        self.bar.update()

    def _take(self) -> None:
        self.send(CalibrationChosen(self.bar.px_per_mm))


class UserPanel(Panel):
    """Who is at the chair, by name and role; every press is recorded in that name."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Who is here"), who)
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name"))
        self.name.setPlaceholderText(self.tr("Name"))
        self.role = Chips(ROLES)
        self.take = button(self.tr("Take over"), self._take, "primary")
        row = QHBoxLayout()
        row.addWidget(self.name, 1)
        row.addWidget(self.take)
        self.body.addLayout(row)
        self.body.addWidget(self.role)
        self.name.textChanged.connect(lambda said: self.take.setEnabled(bool(said.strip())))

    def begin(self) -> None:
        """Start with who is here now."""
        user = self.who()
        self.name.setText(user.name)
        self.role.choose(user.role)
        self.take.setEnabled(bool(user.name))

    def _take(self) -> None:
        self.send(UserChosen(Actor(self.name.text().strip(), self.role.value or "nurse")))


class AboutPanel(Panel):
    """What Chairside is for, and what it is not."""

    def __init__(self, who: Who, version: str) -> None:
        super().__init__(self.tr("About"), who)
        self.hint.setText(f"Chairside {version}")
        self.words = label(self.tr(INTENDED_USE))
        self.body.addWidget(self.words)
        self.body.addStretch(1)
