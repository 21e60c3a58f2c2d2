"""A program under its watchdog, for tests that kill it: ``guarded_child.py FOLDER MODE PLAYER…``.

It beats from two threads as the real one does, prints its watchdog's process id once that is armed, and does what it is
told on stdin: ``hang`` (the screen's thread stops beating), ``live``, ``standby``, ``sound`` (it gives the alarm for the
screen itself), ``mute`` (it does not, nor would it), ``end``.
"""

import itertools
import sys
import threading
from pathlib import Path

from monitor_app.services.watchdog_link import OwnAlarm, WatchdogLink, WatchOrder


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


folder, silence_s, *player = sys.argv[1:]
order = WatchOrder(
    Path(folder), simulated=True, told="chair 1", extra=(f"--silence={silence_s}", "--player", *player)
)
link = WatchdogLink(order, on_trouble=lambda text: tell(f"trouble {text}"))
hung = threading.Event()
armed = threading.Event()
armed.set()


def beat(part: str, hung: threading.Event) -> None:
    for _ in itertools.count():
        if not hung.wait(0.1):
            link.beat(part)
            link.arm(armed=armed.is_set())
        else:
            threading.Event().wait(0.1)


link.start()
for part, stopped in (("screen", hung), ("bedside", threading.Event())):
    threading.Thread(target=beat, args=(part, stopped), daemon=True).start()
while link.report is None or link.report.state != "armed":
    threading.Event().wait(0.05)
tell(f"armed {link.report.pid}")
for line in sys.stdin:
    match line.strip():
        case "hang":
            hung.set()
        case "live":
            hung.clear()
        case "standby":
            armed.clear()
        case "sound":
            link.own_alarm(OwnAlarm(sounds=True, would_sound=True))
        case "mute":
            link.own_alarm(OwnAlarm())
        case "end":
            link.close()
            tell("ended")
            break
