"""The window on the simulated chair, with the virtual bedside beside it: ``demo``."""

import argparse
from contextlib import closing

from PySide6.QtCore import QTimer

from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.qt_app import application
from monitor_app.cli.stop_signal import StopSignal
from monitor_app.cli.window_command import show
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.services.ids import random_session_id
from monitor_app.services.live import LivePlan
from monitor_app.services.settings import load_settings
from monitor_app.services.sim_chair import SimulatedChair, find_scenario, head_of
from monitor_app.services.sim_hands import Hands
from monitor_app.services.sim_news import ChairNews
from monitor_app.ui.bedside_panel import BedsidePanel
from monitor_app.ui.sounder import QtSounder

LOOK_EVERY_MS = 250
"""How often the panel looks at the chair: an answer should seem to come at once."""


def run_demo_window(arguments: argparse.Namespace) -> int:
    """Open the window on the simulated chair, with the virtual bedside beside it."""
    scenario = find_scenario(arguments.scenario)
    seed = scenario.seed if arguments.seed is None else arguments.seed
    folder = arguments.data_dir or data_dir(arguments)
    chair = SimulatedChair(scenario, seed=seed)
    with StopSignal(lasting=True) as stop, application() as app, closing(QtSounder()) as sounder:
        plan = LivePlan(
            data_dir=folder,
            head=head_of(scenario, random_session_id(), seed),
            sounder=sounder,
            self_test=SELF_TEST_SIMULATED,
            chair=chair,
            speed=arguments.speed,
            resume=False,
            raw=getattr(arguments, "raw", False) or load_settings(folder).record_raw,
        )
        panel = BedsidePanel()
        _connect(panel, Hands(chair))
        news = _keep_told(panel, ChairNews(chair))
        try:
            return show(app, plan, load_settings(folder), stop, panel)
        finally:
            news.stop()


def _keep_told(panel: BedsidePanel, news: ChairNews) -> QTimer:
    """Show at the panel what is heard and seen at the chair, until the timer is stopped."""

    def look() -> None:
        for line in news.heard():
            panel.add_line(line)
        panel.show_pump(*news.pump())

    look()
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(LOOK_EVERY_MS)
    return timer


def _connect(panel: BedsidePanel, hands: Hands) -> None:
    """Every control of the panel moves a hand at the simulated chair; none of them records anything."""
    for name in ("pump", "oxygen", "drug", "cuff", "lead", "finger", "motion", "talk"):
        act = getattr(hands, name)
        # Qt keeps a bound method without its object; what the lambda holds stays as long as the panel.
        getattr(panel, name).connect(lambda *values, act=act: act(*values))
