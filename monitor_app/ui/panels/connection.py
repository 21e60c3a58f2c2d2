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
    address_of,
    in_use,
    needs_witness,
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
        """Another monitor is not taken while a patient is on this one."""
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
        return next((choice for choice in self.desk.ports if choice.port == self.ports.port), None)

    def _choose_for_them(self) -> None:
        """Choose the only port there is, and the only one on which a monitor was found."""
        self.ports.show_ports(self.desk.ports, self.desk.states)
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
        self.ports.show_ports(self.desk.ports, self.desk.states)
        self.witness.setVisible(choice is not None and needs_witness(choice.port))
        self.search.setText(self._search_text())
        self.search.setEnabled(self.desk.searching or bool(self._searchable()))
        self.connect_button.setEnabled(self._chosen() is not None)
        self.words.say(self._words())
        self.hint.setText(self.tr("End the visit first.") if self._monitoring else "")

    def _search_text(self) -> str:
        if self.desk.searching:
            return self.tr("Stop search")
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

    def _chosen(self) -> MonitorChosen | None:
        """What Connect asks for; None while something is missing."""
        choice = self.choice
        if choice is None or self._monitoring:
            return None
        witness = self.witness.text().strip() if needs_witness(choice.port) else ""
        if needs_witness(choice.port) and not witness:
            return None
        address = address_of(choice, self.desk.states.get(choice.port), self.families.ticked)
        return None if address is None else MonitorChosen((address.source,), witness)

    def _connect(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.desk.cancel()
            self._devices = chosen.devices
            self.send(chosen)

    def _words(self) -> list[Said]:
        """What the right column says: what was heard, what to do next, cables and menus of the families."""
        choice = self.choice
        state = self.desk.states.get(choice.port) if choice is not None else None
        if choice is None or state is None or state.report is None:
            return [Said(self._next_words(choice, state), "strong"), Said(self.tr(_ASKING)), *self._hints()]
        lines = [Said(_sentence(state.words), "strong")]
        if len(state.found) > 1:
            lines.append(Said(self.tr("Tick the one family that stands on the device.")))
        if state.found and provenance_of(choice.port) is Provenance.SIMULATED:
            lines.append(Said(self.tr("This port is simulated: the session will be marked NOT A PATIENT.")))
        return lines if state.found else [*lines, *self._hints()]

    def _next_words(self, choice: PortChoice | None, state: PortState | None) -> str:
        if state is not None:
            return _sentence(f"{state.words} …")
        if choice is None:
            return self.tr("Choose the monitor's port, or search all of them.")
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
            self.ports.show_ports(self.desk.ports, self.desk.states)
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
