"""A live chair under its watchdog, from its start to its orderly end (clinical.md §5.6)."""

from monitor_app.core.commands import Acknowledge
from monitor_app.core.stamp import Actor
from monitor_app.exporters.export import SIMULATED_MARK
from monitor_app.services.heart_outlet import SCREEN_RULE, HeartOutlet
from monitor_app.services.live import LiveChair
from monitor_app.services.watchdog_link import WatchdogLink, WatchOrder

SCREEN_BEATS_EVERY_MS = 250
"""Four in the second after which a window that does not beat has stalled (clinical.md §6.6, TE-16)."""
AT_THE_WATCHDOG = Actor("somebody at the watchdog's window")


def guard(live: LiveChair) -> WatchdogLink:
    """Start a watchdog beside a chair; when the chair is closed it is told to stand down.

    The bedside's heart beats by itself; a window has to call ``beat(SCREEN)``. What is wrong with the watchdog becomes a
    technical alarm (TE-16-W).
    """
    head = live.plan.head
    place = f"chair {head.chair}" + (f", {SIMULATED_MARK}" if head.simulated else "")
    link = WatchdogLink(
        WatchOrder(live.plan.data_dir, head.simulated, place),
        on_trouble=lambda text: _tell(live, link, text),
        # A window that stands still can acknowledge nothing: its alarm is answered at the watchdog's.
        on_hushed=lambda: live.post(Acknowledge(AT_THE_WATCHDOG, SCREEN_RULE)),
    )
    live.outlets.append(HeartOutlet(link))
    live.before_close.append(link.close)
    link.start()
    return link


def _tell(live: LiveChair, link: WatchdogLink, text: str) -> None:
    """Pass on what is wrong: of a watchdog that answers, its own word, which is only ever that it cannot be heard."""
    report = link.report
    mute = bool(text) and report is not None and report.trouble == text
    live.post(lambda: live.bedside.watch.watchdog(text, mute=mute))
