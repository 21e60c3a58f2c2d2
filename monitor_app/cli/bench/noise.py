"""How much other programs stood in the way of a measurement: what of this computer's noise is in a figure."""

import re
import threading
import time
from bisect import bisect_right
from pathlib import Path

from monitor_app.cli.bench.figure import Figure

_PRESSURE = Path("/proc/pressure/cpu")
_US_PER_S = 1e6
LOOK_EVERY_S = 0.01
GIVE_UP_S = 2.0


class Waits:
    """Samples how long some threads of this process stood ready to run while others had the processor.

    Where the system does not tell (it does on Linux), nobody ever waited. What they wait for each other, at a lock, does
    not count: that is the program's own.
    """

    def __init__(self) -> None:
        self._at_ns: list[int] = []
        self._ran_ns: list[int] = []
        self._waited_ns: list[int] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="bench noise", daemon=True)
        self._files: list[Path] = []

    def start(self, *names: str) -> None:
        """Begin, on a thread of its own, to look at the threads with these names."""
        threads = [t for t in threading.enumerate() if t.name in names and t.native_id is not None]
        files = [Path(f"/proc/self/task/{t.native_id}/schedstat") for t in threads]
        self._files = [file for file in files if file.exists()]
        self._thread.start()

    def stop(self) -> None:
        """End. Harmless twice."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(GIVE_UP_S)

    def waited_ns(self, from_ns: int, until_ns: int) -> int:
        """How long they waited between two monotonic instants, all together, as far as the samples tell."""
        return self._between(self._waited_ns, from_ns, until_ns)

    def slowed(self, from_ns: int, until_ns: int) -> float:
        """How many times longer than undisturbed the process took for what it did; 1 is undisturbed."""
        ran_ns = self._between(self._ran_ns, from_ns, until_ns)
        return 1 + self.waited_ns(from_ns, until_ns) / ran_ns if ran_ns else 1.0

    def share(self, from_ns: int, until_ns: int) -> float:
        """How much of one core they had."""
        return self._between(self._ran_ns, from_ns, until_ns) / max(1, until_ns - from_ns)

    def _between(self, values: list[int], from_ns: int, until_ns: int) -> int:
        if len(values) < 2 or until_ns <= from_ns:
            return 0
        return round(self._value(values, until_ns) - self._value(values, from_ns))

    def _value(self, values: list[int], at_ns: int) -> float:
        """What a counter was then, between its samples by rule of three."""
        after = min(max(bisect_right(self._at_ns, at_ns), 1), len(values) - 1)
        t0, t1 = self._at_ns[after - 1], self._at_ns[after]
        share = min(1.0, max(0.0, (at_ns - t0) / (t1 - t0))) if t1 > t0 else 0.0
        return values[after - 1] + share * (values[after] - values[after - 1])

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            ran = waited = 0
            for file in self._files:
                try:
                    numbers = file.read_text().split()
                except OSError:  # a thread that has ended ends the comparison
                    return
                ran, waited = ran + int(numbers[0]), waited + int(numbers[1])
            self._at_ns.append(time.monotonic_ns())
            self._ran_ns.append(ran)
            self._waited_ns.append(waited)


class Crowd:
    """How crowded the computer was from its making on: the share of time in which something waited for a processor."""

    def __init__(self, pressure: Path = _PRESSURE) -> None:
        self._pressure = pressure
        self._begun_s = time.monotonic()
        self._before_us = self._stood_us()

    def figure(self) -> Figure | None:
        """The row that says whether to believe the others; None where the system does not tell (Linux does)."""
        now_us = self._stood_us()
        if now_us is None or self._before_us is None:
            return None
        share = (now_us - self._before_us) / _US_PER_S / max(1e-3, time.monotonic() - self._begun_s)
        note = (
            "our own threads count too; above some 20 %, other programs stand in the way of every figure here"
        )
        return Figure("something waited for a processor", 100 * share, "% of the time", note=note)

    def _stood_us(self) -> int | None:
        try:
            first = self._pressure.read_text().splitlines()[0]
        except (OSError, IndexError):
            return None
        found = re.search(r"total=(\d+)", first)
        return int(found[1]) if found else None
