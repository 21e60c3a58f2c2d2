"""The check every 15 minutes: sedation, dissociation, nausea, breathing, IV site, each with "same" (clinical.md §16.2)."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget

from monitor_app.core.commands import RecordCare
from monitor_app.core.journal import Scalar
from monitor_app.core.visit.care import NOT_DISTURBED
from monitor_app.services.screen import Screen
from monitor_app.ui.panels.base import Panel, Who, button
from monitor_app.ui.panels.inputs import Chips, VasSlider

UNDISTURBED = "eyes closed"
MILD = ("0 none", "1 mild", "2 moderate", "3 severe")
ITEMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "moaas": (
        "MOAA/S",
        ("5 normal", "4 slow", "3 loud voice", "2 prod", "1 pinch", "0 none", UNDISTURBED),
    ),
    "dissociation": ("Dissociation", MILD),
    "nausea": ("Nausea", MILD),
    "rr": ("Breaths /min", ("8", "10", "12", "14", "16", "18", "20", "24", "30")),
    "iv_site": ("IV site", ("ok", "sore", "swollen", "out")),
}
"""Key of the recorded field: name and answers (clinical.md §2.3 MOAA/S, §4.1). Eyes closed: "not disturbed, RR n"."""

BRIEF = {"moaas": "MOAA/S", "dissociation": "diss.", "nausea": "nausea", "rr": "RR", "iv_site": "IV"}
"""How the items are named in the line of the record."""

SAME = "Same"


class CheckPanel(Panel):
    """Five items in one panel; a touch answers one and moves to the next, one touch repeats the last check."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Check"), who)
        self._last: dict[str, Scalar] = {}
        self.answers: dict[str, Scalar] = {}
        self.tabs: dict[str, QPushButton] = {}
        self._pages = QStackedWidget()
        self.chips: dict[str, Chips] = {}
        top = QHBoxLayout()
        for index, (key, (name, answers)) in enumerate(ITEMS.items()):
            tab = button(self.tr(name), partial(self._go, index))
            tab.setCheckable(True)
            self.tabs[key] = tab
            top.addWidget(tab)
            chips = Chips((SAME, *answers))
            chips.chosen.connect(lambda said, item=key: self._answer(item, said))
            self.chips[key] = chips
            self._pages.addWidget(chips)
        self.pain = button(self.tr("Pain…"), lambda: self.open_panel.emit("vas"), "quiet")
        top.addWidget(self.pain)
        self.all_same = button(self.tr("All same"), self._take_all_same, "quiet")
        self.record = button(self.tr("Record"), self._record, "primary")
        top.addWidget(self.all_same)
        top.addWidget(self.record)
        self.body.addLayout(top)
        self.body.addWidget(self._pages)

    def begin(self) -> None:
        """Start with nothing answered."""
        self.answers = {}
        for chips in self.chips.values():
            chips.choose("")
        self._go(0)
        self._update()

    def show_screen(self, screen: Screen) -> None:
        """Learn the last check's answers from ``fields`` (``check.moaas`` …)."""
        role = "primary" if screen.fields.get("due.vas") else "quiet"
        if self.pain.property("role") != role:
            self.pain.setProperty("role", role)
            self.pain.style().polish(self.pain)
        found = {key: screen.fields.get(f"check.{key}") for key in ITEMS}
        last: dict[str, Scalar] = {key: value for key, value in found.items() if value is not None}
        if last != self._last:
            self._last = last
            self._update()

    def _go(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        for at, tab in enumerate(self.tabs.values()):
            tab.setChecked(at == index)

    def _answer(self, key: str, said: str) -> None:
        value = self._last.get(key) if said == SAME else _value(said)
        if value is not None:
            self.answers[key] = value
        self._go(self._next_open(key))
        self._update()

    def _next_open(self, key: str) -> int:
        """Where to go on: the next item without an answer, or stay at the last."""
        keys = list(ITEMS)
        at = keys.index(key)
        later = [index for index in range(at + 1, len(keys)) if keys[index] not in self.answers]
        return later[0] if later else min(at + 1, len(keys) - 1)

    def _take_all_same(self) -> None:
        self.answers = {**self._last, **self.answers}
        self._update()

    @property
    def breaths_missing(self) -> bool:
        """Whether the breathing must be counted: the patient is not disturbed (clinical.md §4.1)."""
        return self.answers.get("moaas") == NOT_DISTURBED and "rr" not in self.answers

    def _update(self) -> None:
        for key, (name, answers) in ITEMS.items():
            value = self.answers.get(key)
            self.tabs[key].setText(
                f"{self.tr(name)}: {_short(value)}" if value is not None else self.tr(name)
            )
            self.chips[key].choose(next((x for x in answers if value is not None and _value(x) == value), ""))
            same = self.chips[key].buttons[SAME]
            known = self._last.get(key)
            same.setEnabled(known is not None)
            same.setText(f"{self.tr(SAME)}: {_short(known)}" if known is not None else self.tr(SAME))
        self.all_same.setEnabled(len(self._last) == len(ITEMS))
        self.record.setEnabled(bool(self.answers) and not self.breaths_missing)
        words = self.tr("%d of %d answered") % (len(self.answers), len(ITEMS))
        self.hint.setText(self.tr("Eyes closed: count the breaths.") if self.breaths_missing else words)

    def _record(self) -> None:
        if self.breaths_missing:
            return
        words = ", ".join(f"{BRIEF[key]} {_short(value)}" for key, value in self.answers.items())
        self.send(RecordCare("check", words, self.who(), dict(self.answers)))


def _value(said: str) -> Scalar:
    """Return the figure an answer begins with, or its words."""
    if said == UNDISTURBED:
        return NOT_DISTURBED
    first = said.split(" ", maxsplit=1)[0]
    return int(first) if first.isdigit() else said


def _short(value: Scalar) -> str:
    if value == NOT_DISTURBED:
        return UNDISTURBED
    return f"{value:g}" if isinstance(value, float) else str(value)


class VasPanel(Panel):
    """The patient's pain on a line (clinical.md §11)."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Pain now"), who)
        self.hint.setText(self.tr("Let the patient touch the line."))
        self.slider = VasSlider(self.tr("no pain"), self.tr("worst pain imaginable"))
        self.record = button(self.tr("Record"), self._record, "primary")
        self.body.addWidget(self.slider, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.record)
        self.body.addLayout(row)
        self.slider.changed.connect(self._on_changed)

    def begin(self) -> None:
        """Start without a mark."""
        self.slider.set_look(self.look)
        self.slider.clear()
        self.record.setEnabled(False)
        self.record.setText(self.tr("Record"))

    def _on_changed(self, value: float) -> None:
        self.record.setEnabled(True)
        self.record.setText(self.tr("Record %.1f") % value)

    def _record(self) -> None:
        if self.slider.value is not None:
            value = self.slider.value
            self.send(RecordCare("vas", f"Pain {value:.1f} of 10", self.who(), {"value": value}))
