"""How the ECG is drawn: gain, band, mains notch (clinical.md §8.2, §8.6). Opened by touching the waves."""

from PySide6.QtWidgets import QHBoxLayout

from monitor_app.core.commands import SetEcgFilter
from monitor_app.services.screen import Screen
from monitor_app.ui.panels.base import Panel, Who, label
from monitor_app.ui.panels.inputs import Chips
from monitor_app.ui.requests import GainChosen

GAINS = {"2.5": 2.5, "5": 5.0, "10": 10.0, "20": 20.0, "40": 40.0, "Auto": 0.0}
BANDS = {"0.5–40 Hz": "monitor", "1–20 Hz": "filtered", "0.05–150 Hz": "diagnostic"}
NOTCHES = {"Off": 0, "50 Hz": 50, "60 Hz": 60}


class WavesPanel(Panel):
    """Each touch acts at once and leaves the panel open, so that the wave above shows what it did."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("ECG on the screen"), who)
        self.hint.setText(self.tr("Recorded unfiltered, whatever is chosen here."))
        self._mode, self._mains_hz = "monitor", 0
        self.gain = Chips(tuple(GAINS))
        self.band = Chips(tuple(BANDS))
        self.notch = Chips(tuple(NOTCHES))
        self.gain.chosen.connect(lambda said: self.asked.emit(GainChosen(GAINS[said])))
        self.band.chosen.connect(lambda said: self._filter(BANDS[said], self._mains_hz))
        self.notch.chosen.connect(lambda said: self._filter(self._mode, NOTCHES[said]))
        upper, lower = QHBoxLayout(), QHBoxLayout()
        upper.addWidget(label(self.tr("Gain, mm/mV"), "strong"))
        upper.addWidget(self.gain, 1)
        for words, chips, share in ((self.tr("Band"), self.band, 3), (self.tr("Mains"), self.notch, 3)):
            lower.addWidget(label(words, "strong"))
            lower.addWidget(chips, share)
        self.body.addLayout(upper)
        self.body.addLayout(lower)
        self.body.addStretch(1)

    def show_screen(self, screen: Screen) -> None:
        """Show what is in force: ``waves.gain``, ``waves.filter``, ``waves.mains_hz``, ``waves.diagnostic``."""
        fields = screen.fields
        mains = fields.get("waves.mains_hz")
        self._mode = str(fields.get("waves.filter") or "monitor")
        self._mains_hz = round(mains) if isinstance(mains, int | float) else 0
        self.gain.choose(_named(GAINS, fields.get("waves.gain")))
        self.band.choose(_named(BANDS, self._mode))
        self.notch.choose(_named(NOTCHES, self._mains_hz))
        self.band.buttons["0.05–150 Hz"].setEnabled(fields.get("waves.diagnostic") is True)

    def _filter(self, mode: str, mains_hz: int) -> None:
        self.asked.emit(SetEcgFilter(mode, mains_hz, self.who()))


def _named(choices: dict[str, float] | dict[str, str] | dict[str, int], value: object) -> str:
    return next((name for name, one in choices.items() if one == value), "")
