"""All panels of the window by key."""

from collections.abc import Callable
from functools import partial

from monitor_app import __version__
from monitor_app.ui.panels.alarm_log import AlarmLogPanel
from monitor_app.ui.panels.alarms import AlarmsPanel
from monitor_app.ui.panels.base import Panel, Who
from monitor_app.ui.panels.care import DrugPanel, NotePanel, OxygenPanel
from monitor_app.ui.panels.check import CheckPanel, VasPanel
from monitor_app.ui.panels.connection import ConnectionPanel
from monitor_app.ui.panels.emergency import EmergencyPanel
from monitor_app.ui.panels.event import EventPanel
from monitor_app.ui.panels.limbs import LimbsPanel
from monitor_app.ui.panels.limits import LimitsPanel
from monitor_app.ui.panels.more import MorePanel
from monitor_app.ui.panels.nibp import NibpPanel
from monitor_app.ui.panels.order import OrderPanel
from monitor_app.ui.panels.outcome import OutcomePanel
from monitor_app.ui.panels.phase import PhasePanel
from monitor_app.ui.panels.pump import PumpPanel
from monitor_app.ui.panels.second_sound import SecondSoundPanel
from monitor_app.ui.panels.selftest import SelfTestPanel
from monitor_app.ui.panels.sensors_off import SensorsOffPanel
from monitor_app.ui.panels.settings import AboutPanel, CalibratePanel, SettingsPanel, UserPanel
from monitor_app.ui.panels.sound import SoundPanel
from monitor_app.ui.panels.waves import WavesPanel


def panel_makers(who: Who) -> dict[str, Callable[[], Panel]]:
    """Return what makes each panel; ``who`` names the person at the chair at the moment of a press."""
    return {
        "event": partial(EventPanel, who),
        "outcome": partial(OutcomePanel, who),
        "drug": partial(DrugPanel, who),
        "oxygen": partial(OxygenPanel, who),
        "note": partial(NotePanel, who),
        "check": partial(CheckPanel, who),
        "vas": partial(VasPanel, who),
        "order": partial(OrderPanel, who),
        "pump_pause": partial(PumpPanel, who, stop=False),
        "pump_stop": partial(PumpPanel, who, stop=True),
        "nibp": partial(NibpPanel, who),
        "limbs": partial(LimbsPanel, who),
        "limits": partial(LimitsPanel, who),
        "waves": partial(WavesPanel, who),
        "alarms": partial(AlarmsPanel, who),
        "alarm_log": partial(AlarmLogPanel, who),
        "phase": partial(PhasePanel, who),
        "emergency": partial(EmergencyPanel, who),
        "more": partial(MorePanel, who),
        "sound": partial(SoundPanel, who),
        "second_sound": partial(SecondSoundPanel, who),
        "sensors_off": partial(SensorsOffPanel, who),
        "selftest": partial(SelfTestPanel, who),
        "settings": partial(SettingsPanel, who),
        "calibrate": partial(CalibratePanel, who),
        "user": partial(UserPanel, who),
        "connection": partial(ConnectionPanel, who),
        "about": partial(AboutPanel, who, __version__),
    }
