"""All panels of the window by key."""

from monitor_app import __version__
from monitor_app.ui.panels.alarms import AlarmsPanel
from monitor_app.ui.panels.base import Panel, Who
from monitor_app.ui.panels.care import DrugPanel, NotePanel, OxygenPanel
from monitor_app.ui.panels.check import CheckPanel, VasPanel
from monitor_app.ui.panels.emergency import EmergencyPanel
from monitor_app.ui.panels.event import EventPanel
from monitor_app.ui.panels.more import MorePanel
from monitor_app.ui.panels.nibp import LimitsPanel, NibpPanel
from monitor_app.ui.panels.order import OrderPanel
from monitor_app.ui.panels.outcome import OutcomePanel
from monitor_app.ui.panels.phase import PhasePanel
from monitor_app.ui.panels.pump import PumpPanel
from monitor_app.ui.panels.selftest import SelfTestPanel
from monitor_app.ui.panels.settings import AboutPanel, CalibratePanel, SettingsPanel, UserPanel


def make_panels(who: Who) -> dict[str, Panel]:
    """Make every panel; ``who`` names the person at the chair at the moment of a press."""
    return {
        "event": EventPanel(who),
        "outcome": OutcomePanel(who),
        "drug": DrugPanel(who),
        "oxygen": OxygenPanel(who),
        "note": NotePanel(who),
        "check": CheckPanel(who),
        "vas": VasPanel(who),
        "order": OrderPanel(who),
        "pump_pause": PumpPanel(who, stop=False),
        "pump_stop": PumpPanel(who, stop=True),
        "nibp": NibpPanel(who),
        "limits": LimitsPanel(who),
        "alarms": AlarmsPanel(who),
        "phase": PhasePanel(who),
        "emergency": EmergencyPanel(who),
        "more": MorePanel(who),
        "selftest": SelfTestPanel(who),
        "settings": SettingsPanel(who),
        "calibrate": CalibratePanel(who),
        "user": UserPanel(who),
        "about": AboutPanel(who, __version__),
    }
