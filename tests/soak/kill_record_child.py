"""Records a monitor as ``chairside record`` does and says which events are in the file, until it is killed. Not a test.

Started by test_kill_record.py: DATA_DIR PORT [--nibp-every MIN].
"""

import sys
import threading
from pathlib import Path
from time import monotonic

from devices.registry import DeviceAddress
from monitor_app.core.journal import JournalEntry, NumericEntry, WaveBlock
from monitor_app.services.record_run import RecordOrder, RecordRun
from monitor_app.storage.recorder import Recorder


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Teller:
    """Says an event once the recorder has confirmed that it is in the file."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._lock = threading.Lock()

    def note(self, entry: JournalEntry) -> None:
        if not isinstance(entry, (WaveBlock, NumericEntry)):
            with self._lock:
                self._waiting.append(f"event {type(entry).__name__} {entry.stamp.t_ns}")

    def tell(self, recorder: Recorder | None) -> None:
        with self._lock:
            known, self._waiting = self._waiting, []
        if recorder is not None:
            recorder.drain()
            for line in known:
                if not line.startswith("event SessionOpened"):
                    say(line)


def main(data_dir: str, port: str, *more: str) -> None:
    began = monotonic()
    minutes = float(more[1]) if more else None
    run = RecordRun(
        RecordOrder(Path(data_dir), (DeviceAddress("berry", port),), 300.0, nibp_every_min=minutes)
    )
    say(f"ready {monotonic() - began:.3f}")
    teller = Teller()
    run._chair.on_record(teller.note)
    ready = threading.Event()

    def watch() -> None:
        while not ready.wait(0.01):
            if run._chair._writer._recorder is not None and run._chair.bedside.visit.phase.monitoring:
                say("recording")
                ready.set()
        while True:
            teller.tell(run._chair._writer._recorder)
            threading.Event().wait(0.05)

    threading.Thread(target=watch, daemon=True).start()
    run.run(threading.Event().wait)


main(*sys.argv[1:])
