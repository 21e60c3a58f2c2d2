"""Finding a monitor and connecting to it: ports, families, a search that says in words what it heard, Connect."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from devices.registry import DeviceAddress
from devices.signals import Provenance
from devices.transport.provenance import provenance_of
from monitor_app.services.connect import (
    ConnectDesk,
    PortChoice,
    PortState,
    absent_ports,
    address_of,
    in_use,
    needs_witness,
    used_as,
    why_apart,
    with_monitor,
    without_monitor,
)
from monitor_app.services.screen import Screen
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Panel, Who, button, label
from monitor_app.ui.panels.connection_lists import FamilyList, HintList, PortList, Said
from monitor_app.ui.panels.electrical_safety import SafetyPage
from monitor_app.ui.requests import MonitorChosen, SafetyRead

POLL_MS = 150
LIST_EVERY_POLLS = 14
"""Ports are looked for every two seconds or so: an adapter just plugged in appears by itself."""


class ConnectionPanel(Panel):
    """Choose a port, tick the families that may be asked, search, connect. Sends ``MonitorChosen`` and ``SafetyRead``.

    Where a monitor is in use already another one may be added beside it, also while a patient is monitored; taking one
    away or another in its stead waits for the end of the visit.

    The search runs on threads of its own; it ends when the panel closes.
    """

    def __init__(self, who: Who, desk: ConnectDesk | None = None) -> None:
        super().__init__(self.tr("Monitor"), who)
        self.desk = desk or ConnectDesk()
        self._devices: tuple[str, ...] = ()
        self._safety_read = False
        self._monitoring = False
        self._polls = 0
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)
        self.ports = PortList()
        self.families = FamilyList(self.desk.families)
        self.witness = QLineEdit()
        self.words = HintList(self.witness)
        self.search = button(self.tr("Search all ports"), self._search)
        self.beside_button = button(self.tr("Add beside"), self._beside, "primary")
        self.connect_button = button(self.tr("Connect"), self._connect, "primary")
        self.safety_button = button(self.tr("Electrical safety"), self._show_safety, "quiet")
        self.safety = SafetyPage(self._on_read)
        self.pages = QStackedWidget()
        self._lay_out()
        self.ports.chosen.connect(lambda _port: self._update())
        self.ports.typed.connect(self._on_typed)
        self.families.changed.connect(self._update)
        self.witness.textChanged.connect(lambda _text: self._update())

    def _lay_out(self) -> None:
        self.witness.setPlaceholderText(self.tr("Who has seen the monitor there?"))
        self.witness.setAccessibleName(self.tr("Who has seen the real monitor at this address"))
        self.add_below_title(self.safety_button)
        page = QWidget()
        self._columns = QHBoxLayout(page)
        self._columns.setContentsMargins(0, 0, 0, 0)
        right = QVBoxLayout()
        right.addWidget(self.words, 1)
        self._keys = QHBoxLayout()
        self._keys.addWidget(self.search, 1)
        self._keys.addWidget(self.connect_button, 1)
        self._keys.addWidget(self.beside_button, 1)
        right.addLayout(self._keys)
        self._columns.addLayout(_column(self.tr("Port"), self.ports), 4)
        self._columns.addLayout(_column(self.tr("May be asked"), self.families), 4)
        self._columns.addLayout(right, 5)
        self.pages.addWidget(page)
        self.pages.addWidget(self.safety)
        self.body.addWidget(self.pages)

    def know(self, devices: tuple[str, ...], *, safety_read: bool) -> None:
        """Take what the settings say: the monitors in use, and whether the page on safety was confirmed."""
        self._devices, self._safety_read = devices, safety_read

    def offer(self, address: DeviceAddress) -> None:
        """Begin with this monitor: its port chosen, its family ticked."""
        self._on_typed(address.port)
        if address.driver_id in self.families.boxes:
            self.families.boxes[address.driver_id].setChecked(True)

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        super().set_look(look)
        for part in (self.ports, self.families, self.words, self.safety):
            part.set_look(look)
        self._columns.setSpacing(look.px(20))
        self._keys.setSpacing(look.px(8))

    def begin(self) -> None:
        """Look which ports there are; the page on safety comes first until it has been confirmed."""
        self.pages.setCurrentIndex(0 if self._safety_read else 1)
        self.safety_button.setVisible(self._safety_read)
        self._polls = 0
        self.desk.refresh()
        self._timer.start()
        self._update()

    def show_screen(self, screen: Screen) -> None:
        """While a patient is monitored a monitor may join, and none leaves."""
        if screen.phase.monitoring != self._monitoring:
            self._monitoring = screen.phase.monitoring
            self._update()

    def hideEvent(self, event: QHideEvent) -> None:
        """End the search."""
        super().hideEvent(event)
        self._timer.stop()
        self.desk.cancel()

    def poll(self) -> None:
        """Take what the search and the listing of ports have brought."""
        self._polls += 1
        if self._polls % LIST_EVERY_POLLS == 0:
            self.desk.refresh()
        if self.desk.poll():
            self._choose_for_them()
            self._update()

    @property
    def choice(self) -> PortChoice | None:
        """The port that is chosen."""
        return next((choice for choice in self._rows if choice.port == self.ports.port), None)

    def _choose_for_them(self) -> None:
        """Choose the only port there is, and the only one on which a monitor was found."""
        self._show_ports()
        if self.ports.port:
            return
        found = [port for port, state in self.desk.states.items() if state.found]
        every = [choice.port for choice in self.desk.ports]
        for only in (found, every):
            if len(only) == 1 and not self.desk.searching:
                self.ports.choose(only[0])
                return

    def _update(self) -> None:
        choice = self.choice
        self._show_ports()
        self.witness.setVisible(choice is not None and needs_witness(choice.port))
        self._update_keys()
        self.search.setText(self._search_text())
        self.search.setEnabled(self.desk.searching or bool(self._searchable()))
        self.words.say(self._words())

    def _update_keys(self) -> None:
        """Beside monitors in use: one key to replace them and one to add; at the port of one of several, one to remove it."""
        beside = bool(self._devices) and not (self._here and len(self._devices) == 1)
        self.beside_button.setVisible(beside)
        self.beside_button.setText(self.tr("Remove") if self._here else self.tr("Add beside"))
        self.beside_button.setEnabled(self._beside_wanted() is not None)
        self.connect_button.setText(self.tr("Replace") if beside and not self._here else self.tr("Connect"))
        self.connect_button.setEnabled(self._wanted(add=self._here) is not None)
        roles = ("quiet", "primary") if beside and not self._here else ("primary", "quiet")
        for key, role in zip((self.connect_button, self.beside_button), roles, strict=True):
            key.setProperty("role", role)
            key.style().polish(key)

    @property
    def _here(self) -> bool:
        """Whether the chosen port is that of a monitor in use."""
        choice = self.choice
        return choice is not None and in_use(self._devices, choice)

    @property
    def _rows(self) -> tuple[PortChoice, ...]:
        """The ports there are, and those of monitors in use that are not plugged in."""
        return (*self.desk.ports, *absent_ports(self._devices, self.desk.ports))

    def _show_ports(self) -> None:
        used = {choice.port: used_as(self._devices, choice) for choice in self._rows}
        self.ports.show_ports(self._rows, self.desk.states, used)

    def _search_text(self) -> str:
        if self.desk.searching:
            return self.tr("Stop search")
        if self.beside_button.isVisibleTo(self):  # three keys stand side by side
            return self.tr("Search") if self.ports.port else self.tr("Search all")
        return self.tr("Search this port") if self.ports.port else self.tr("Search all ports")

    def _searchable(self) -> list[str]:
        """Ports to search; the one that is being recorded from is taken, and would only say so."""
        ports = [c.port for c in self.desk.ports if not (self._monitoring and in_use(self._devices, c))]
        return [port for port in ports if self.ports.port in ("", port)]

    def _search(self) -> None:
        if self.desk.searching:
            self.desk.cancel()
        else:
            self.desk.search(self._searchable(), self.families.ticked)
        self._update()

    def _wanted(self, *, add: bool) -> MonitorChosen | None:
        """What a press would ask for: this monitor beside those in use, or alone; None while something is missing."""
        choice = self.choice
        if choice is None or (self._monitoring and (not add or self._here)):
            return None
        witness = self.witness.text().strip() if needs_witness(choice.port) else ""
        if needs_witness(choice.port) and not witness:
            return None
        address = address_of(choice, self.desk.states.get(choice.port), self.families.ticked)
        if address is None:
            return None
        devices = with_monitor(self._devices, address.source, choice) if add else (address.source,)
        if (len(devices) > 1 and devices == self._devices) or why_apart(devices):
            return None
        return MonitorChosen(devices, witness)

    def _beside_wanted(self) -> MonitorChosen | None:
        choice = self.choice
        if choice is None or not self._here:
            return self._wanted(add=True)
        rest = without_monitor(self._devices, choice)
        return MonitorChosen(rest) if rest and not self._monitoring else None

    def _connect(self) -> None:
        self._ask(self._wanted(add=self._here))

    def _beside(self) -> None:
        self._ask(self._beside_wanted())

    def _ask(self, wanted: MonitorChosen | None) -> None:
        if wanted is not None:
            self.desk.cancel()
            self._devices = wanted.devices
            self.send(wanted)

    def _words(self) -> list[Said]:
        """What the right column says: what was heard, what to do next, cables and menus of the families."""
        choice = self.choice
        state = self.desk.states.get(choice.port) if choice is not None else None
        if choice is None or state is None or state.report is None:
            lines = [Said(self._next_words(choice, state), "strong"), *self._beside_words(choice)]
            return [*lines, Said(self.tr(_ASKING)), *self._hints()]
        lines = [Said(_sentence(state.words), "strong")]
        if len(state.found) > 1:
            lines.append(Said(self.tr("Tick the one family that stands on the device.")))
        if state.found and provenance_of(choice.port) is Provenance.SIMULATED:
            lines.append(Said(self.tr("This port is simulated: the session will be marked NOT A PATIENT.")))
        lines += self._beside_words(choice)
        return lines if state.found else [*lines, *self._hints()]

    def _beside_words(self, choice: PortChoice | None) -> list[Said]:
        """What becomes of a monitor beside those in use."""
        if not self._devices:
            return []
        apart = why_apart((*self._devices, f"?@{choice.port}")) if choice is not None else ""
        if apart:
            return [Said(self.tr(apart))]
        said = [Said(self.tr(_MONITORED))] if self._monitoring else []
        return said if self._here else [*said, Said(self.tr(_BESIDE))]

    def _next_words(self, choice: PortChoice | None, state: PortState | None) -> str:
        if state is not None:
            return _sentence(f"{state.words} …")
        if choice is None:
            return self.tr("Choose the monitor's port, or search all of them.")
        if self._here:
            return _sentence(self.tr("in use: {0}").format(used_as(self._devices, choice)))
        return self.tr("Search this port: Chairside listens first.")

    def _hints(self) -> list[Said]:
        """Cables and menus of the families ticked."""
        lines: list[Said] = []
        for family in self.desk.families:
            if family.driver_id in self.families.ticked and family.hints:
                lines += [Said(family.name, "strong"), *(Said(hint) for hint in family.hints)]
        return lines

    def _on_typed(self, text: str) -> None:
        added = self.desk.add_address(text)
        if added is not None:
            self._show_ports()
            self.ports.choose(added.port)
            self._update()

    def _show_safety(self) -> None:
        self.pages.setCurrentIndex(1 - self.pages.currentIndex())

    def _on_read(self) -> None:
        self.pages.setCurrentIndex(0)
        self.safety_button.show()
        if not self._safety_read:
            self._safety_read = True
            self.asked.emit(SafetyRead(self.who()))


_BESIDE = (
    "A second monitor on the same patient is added, for example an oximeter beside one for ECG and pressure. What both"
    " measure is shown from the first that has it."
)
_MONITORED = "End the visit before a monitor is removed or replaced; one can be added at any time."
_ASKING = "Families ticked may then be asked who they are. That changes nothing on the monitor and never starts the cuff."


def _column(title: str, content: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(label(title, "muted"))
    column.addWidget(content, 1)
    return column


def _sentence(words: str) -> str:
    """Begin with a capital and end with a stop."""
    text = words[:1].upper() + words[1:]
    return text if text.endswith((".", "…")) else f"{text}."
