"""The alarm log: every alarm of the visit, searched, judged, with the waves around it (clinical.md §5.7-5.8)."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from monitor_app.core.alarm_log import AlarmRow
from monitor_app.core.alarm_query import AlarmQuery, Sort, select
from monitor_app.core.alarm_verdict import KIND, Verdict, verdict_fields
from monitor_app.core.commands import RecordCare
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S
from monitor_app.core.wave_snapshot import Snapshot
from monitor_app.services.alarm_log import title_of
from monitor_app.services.screen import Screen
from monitor_app.ui.alarm_list import AlarmList, detail, headline
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.snapshot_strip import SnapshotView

LIST, FILTER, ONE = range(3)
ASK_AGAIN_NS = 2 * NS_PER_S
"""How often the waves of an alarm just gone by are read again, until ten seconds after it are there."""
SORTS = (("Newest", Sort.NEWEST), ("Most urgent", Sort.PRIORITY), ("Longest", Sort.DURATION))
KINDS = (
    ("Patient", AlarmClass.PHYSIOLOGICAL),
    ("Equipment", AlarmClass.TECHNICAL),
    ("Task", AlarmClass.WORKFLOW),
)


class AlarmLogPanel(Panel):
    """Three pages in one place: the list, the filter, one alarm with its waves and the four verdicts.

    Signals: ``wanted(t_ns)`` asks whoever reads the record for the waves around an instant; the answer comes through
    ``show_snapshot``.
    """

    wanted = Signal(object)

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Alarm log"), who)
        self.query = AlarmQuery()
        self.row: AlarmRow | None = None
        self._rows: tuple[AlarmRow, ...] = ()
        self._shot: Snapshot | None = None
        self._asked_t_ns = 0
        self._now_t_ns = 0
        self.turn = button(self.tr("Filter"), self._turn, "quiet")
        self.add_beside_close(self.turn)
        self._pages = QStackedWidget()
        self.list = AlarmList()
        self.list.opened.connect(self.open_row)
        self.empty = label("", "muted")
        self.strip = SnapshotView()
        for page in (self._list_page(), self._filter_page(), self._one_page()):
            self._pages.addWidget(page)
        self.body.addWidget(self._pages)

    def _list_page(self) -> QWidget:
        return _page(self.empty, self.list)

    def _filter_page(self) -> QWidget:
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Words: name, rule, phase, who …"))
        self.search.setAccessibleName(self.tr("Search the alarms"))
        self.search.textChanged.connect(lambda text: self._ask_for(text=text))
        self.search.returnPressed.connect(self._turn)
        self.sorts = {sort: _toggle(self.tr(text), partial(self._sort, sort)) for text, sort in SORTS}
        self.priorities = {
            p: _toggle(p.value, self._choose) for p in (Priority.HIGH, Priority.MEDIUM, Priority.LOW)
        }
        self.classes = {kind: _toggle(self.tr(text), self._choose) for text, kind in KINDS}
        self.unjudged = _toggle(self.tr("To be judged"), self._choose)
        self.all = button(self.tr("All"), self._clear, "quiet")
        upper, lower = QHBoxLayout(), QHBoxLayout()
        upper.addWidget(self.search, 1)
        for chip in self.sorts.values():
            upper.addWidget(chip)
        for chip in (*self.priorities.values(), *self.classes.values(), self.unjudged, self.all):
            lower.addWidget(chip, 1)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(upper)
        layout.addLayout(lower)
        layout.addStretch(1)
        return page

    def _one_page(self) -> QWidget:
        self.verdicts = {
            verdict: _toggle(self.tr(verdict.title), partial(self._judge, verdict)) for verdict in Verdict
        }
        row = QHBoxLayout()
        for chip in self.verdicts.values():
            row.addWidget(chip, 1)
        page = _page(self.strip)
        page.layout().addLayout(row)  # type: ignore[union-attr]
        return page

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        super().set_look(look)
        self.list.set_look(look)
        self.strip.set_look(look)
        for page in (self._pages.widget(index) for index in range(self._pages.count())):
            layout = page.layout() if page is not None else None
            if layout is not None:
                layout.setSpacing(look.px(8))

    def begin(self) -> None:
        """Start with the list, as it was filtered last."""
        self.row = None
        self._show_page(LIST)

    def show_screen(self, screen: Screen) -> None:
        """Take the log as it stands; while an alarm is open, its waves until ten seconds after it are there."""
        self._now_t_ns = screen.t_ns
        rows = screen.alarm_log()
        if rows is not self._rows:
            self._rows = rows
            self._show_rows()
            if self.row is not None:
                self._show_row(next((r for r in rows if r.occurrence_id == self.row.occurrence_id), self.row))
        if self.row is not None and self._lacking():
            self._ask(self.row)

    def open_row(self, row: AlarmRow) -> None:
        """Show one alarm and ask for its waves."""
        self._shot = None
        self._show_row(row)
        self.strip.strip.show_snapshot(None, self.tr("Reading the record …"))
        self._show_page(ONE)
        self.strip.centre()
        self._ask(row)

    def show_snapshot(self, t_ns: int, answer: Snapshot | str) -> None:
        """Take the waves around an instant, or a sentence about why they cannot be read."""
        if self.row is None or self.row.t_ns != t_ns:
            return
        if isinstance(answer, Snapshot):
            self._shot = answer
            self.strip.strip.show_snapshot(answer)
        else:
            self.strip.strip.show_snapshot(None, answer)

    def _ask(self, row: AlarmRow) -> None:
        self._asked_t_ns = self._now_t_ns
        self.wanted.emit(row.t_ns)

    def _lacking(self) -> bool:
        """Whether samples of the open alarm may have come since they were read."""
        shot, passed_ns = self._shot, self._now_t_ns - self._asked_t_ns
        return (
            shot is not None and passed_ns >= ASK_AGAIN_NS and self._asked_t_ns < shot.end_t_ns + ASK_AGAIN_NS
        )

    def _show_rows(self) -> None:
        found = select(self._rows, self.query)
        self.list.show_rows(found)
        said = [row for row in self._rows if row.announced is not None]
        words = (
            self.tr("No alarm so far.")
            if not said
            else self.tr("No alarm is like that: touch Filter, then All.")
        )
        self.empty.setText("" if found else words)
        self.empty.setVisible(not found)
        if self.row is None:
            self.hint.setText(self._filter_words(len(found), len(said)))

    def _filter_words(self, found: int, of: int) -> str:
        asked = [*(p.value for p in self.priorities if p in self.query.priorities)]
        asked += [self.tr(text) for text, kind in KINDS if kind in self.query.classes]
        asked += [self.tr("to be judged")] if self.query.unjudged else []
        asked += [f"“{self.query.text.strip()}”"] if self.query.text.strip() else []
        count = self.tr("%d of %d") % (found, of)
        return f"{count}: {', '.join(asked)}" if asked else count

    def _show_row(self, row: AlarmRow) -> None:
        self.row = row
        at, what = headline(row)
        self.hint.setText(f"{at} {what}\n{detail(row)}")
        given = row.judgement.verdict if row.judgement else None
        for verdict, chip in self.verdicts.items():
            chip.setChecked(verdict is given)

    def _judge(self, verdict: Verdict) -> None:
        row = self.row
        if row is None:
            return
        self._show_row(row)  # the button shows what is recorded, not what was pressed
        if row.judgement is None or row.judgement.verdict is not verdict:
            fields = verdict_fields(row.occurrence_id, row.rule, verdict)
            words = f"{row.text or title_of(row.rule)}: {verdict.title[0].lower()}{verdict.title[1:]}"
            self.asked.emit(RecordCare(KIND, words, self.who(), fields))

    def _turn(self) -> None:
        """From the list to the filter; from there and from an alarm back to the list."""
        self.row = None
        self._show_page(FILTER if self._pages.currentIndex() == LIST else LIST)

    def _show_page(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        text = self.tr("Filter") if page == LIST else self.tr("List")
        self.turn.setText(text)
        self.turn.setAccessibleName(text)
        if page == FILTER:
            self._check_chips()
        self._show_rows()

    def _check_chips(self) -> None:
        for sort, chip in self.sorts.items():
            chip.setChecked(sort is self.query.sort)

    def _sort(self, sort: Sort) -> None:
        self._ask_for(sort=sort)
        self._check_chips()

    def _choose(self) -> None:
        self._ask_for(
            priorities=frozenset(p for p, chip in self.priorities.items() if chip.isChecked()),
            classes=frozenset(kind for kind, chip in self.classes.items() if chip.isChecked()),
            unjudged=self.unjudged.isChecked(),
        )

    def _clear(self) -> None:
        for chip in (*self.priorities.values(), *self.classes.values(), self.unjudged):
            chip.setChecked(False)
        self.search.clear()
        self._choose()

    def _ask_for(self, **changes: object) -> None:
        self.query = replace(self.query, **changes)  # type: ignore[arg-type]
        self._show_rows()


def _page(*widgets: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget)
    return page


def _toggle(text: str, on_press: Callable[[], object]) -> QPushButton:
    chip = button(text, on_press)
    chip.setCheckable(True)
    return chip
