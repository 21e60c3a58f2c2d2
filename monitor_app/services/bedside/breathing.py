"""Breathing as the wave on the screen shows it: since when no breath has been seen (clinical.md §6.4, AL-RR-01)."""

import numpy as np

from devices.clock import NS_PER_S
from monitor_app.processing.breaths import RATES_HZ, BreathChannel

PAUSE_NS = 10 * NS_PER_S
"""A shorter pause is breathing still: six breaths a minute, which AL-RR-02 tells of."""
SILENT_NS = 2 * NS_PER_S
"""A wave that has not come for this long tells nothing."""


class Breathing:
    """One breathing wave, that of the monitor in use. Bedside thread only."""

    def __init__(self) -> None:
        self._channel: BreathChannel | None = None
        self._end: tuple[int, int] = (0, 0)  # sample counter, session time
        self._lost = False

    def begin(self) -> None:
        """Another wave is read from now on: what was learnt is of no use for it."""
        self._channel = None

    def lost(self) -> None:
        """The wave has stopped: nothing is told until it is back, and then with what was learnt of this patient's breaths.

        Its counter shows how much is missing; whether that began the silence anew is the channel's to say.
        """
        self._lost = True

    def chunk(self, rate_hz: float, values: "np.ndarray", first_sample: int, t_ns_of_end: int) -> None:
        """Take samples of the wave in use."""
        if self._channel is None or self._channel.rate_hz != rate_hz:
            if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
                return
            self._channel = BreathChannel(rate_hz)
        self._channel.feed(values, first_sample)
        self._end = first_sample + len(values), t_ns_of_end
        self._lost = False

    def second(self) -> None:
        """Look at what has come; called once a second."""
        if self._channel is not None:
            self._channel.second()

    def no_breath_since(self, t_ns: int, *, counted: bool) -> int | None:
        """Since when no breath has been seen, once that is more than a pause; None while there are breaths, or nothing is known.

        ``counted``: the monitor itself gives a rate just now. It is believed unless the wave does not move at all: a
        patient who breathes less deeply, or has turned, is not one who does not breathe.
        """
        channel = self._channel
        if channel is None or not channel.learnt or self._lost or t_ns - self._end[1] > SILENT_NS:
            return None
        since = self._end[1] - round((self._end[0] - channel.last_sample) * NS_PER_S / channel.rate_hz)
        if t_ns - since < PAUSE_NS or (counted and not channel.still):
            return None
        return since
