"""Records in real time and says what it has done, until it is killed. Not a test: started by test_kill.py."""

import sys
from pathlib import Path

import numpy as np

from devices.clock import SystemClock
from devices.signals import WaveScale
from monitor_app.core.journal import CareEntry, NumericEntry, SessionOpened, WaveBlock
from monitor_app.core.raw import RawEntry
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store

CHUNK, RATE_HZ = 20, 500.0
SCALE = WaveScale("mV", 0.005, 2048.0, 0, 4095)


def say(what: str, value: object) -> None:
    sys.stdout.write(f"{what} {value}\n")
    sys.stdout.flush()


def main(data_dir: str) -> None:
    clock = SystemClock()
    store = Store.open(Path(data_dir), StoreKind.TRAINING)
    store.new_session(SessionOpened(Stamp(0, 0), "killed", "p", "", True, "c", "v"))
    recorder = store.recorder("killed", clock=clock)
    start_ns = clock.monotonic_ns()
    for number in range(10_000):
        t_ns = number * 40_000_000
        clock.sleep_until(start_ns + t_ns)
        stamp = Stamp(t_ns, t_ns // 1_000_000)
        counts = np.full(CHUNK, number % 4096, dtype=np.int32)
        recorder.write(WaveBlock(stamp, "d@p", "ECG_II", RATE_HZ, number * CHUNK, counts, SCALE))
        recorder.write(RawEntry(stamp, "d@p", number.to_bytes(4) * CHUNK))
        recorder.write(NumericEntry(stamp, "d@p", "HR", float(number), "/min"))
        say("fed", (number + 1) * CHUNK)
        if number % 3 == 0:
            recorder.write_and_wait(CareEntry(stamp, f"e{number}", "note", "here", Actor("N")))
            say("event", f"e{number}")


main(sys.argv[1])
