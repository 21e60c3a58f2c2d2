"""What every decoder must withstand."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.protocols.base import Decoder
from devices.signals import Counters
from tests.conformance.wire import Wire, applies, joined, known, numbers

# One inherited test runs once for each wire: that is what the kit is for, and nothing is stored between runs.
_EACH_WIRE_RUNS_IT = [HealthCheck.differing_executors]
SAMPLED_CUTS = 100


class DecoderChecks(Wire):
    """Bytes cut, damaged and drowned in noise."""

    def test_whole_stream_decodes_every_frame(self):
        frames = self.clean_frames()
        assert len(frames) >= 10
        signals, counters = self.decode(b"".join(frames))
        assert signals
        assert counters == Counters(bytes_in=sum(map(len, frames)), frames_ok=len(frames))

    def test_byte_by_byte_equals_whole(self):
        stream = b"".join(self.clean_frames())
        whole, counters = self.decode(stream)
        single, single_counters = self.decode(*(stream[i : i + 1] for i in range(len(stream))))
        assert joined(single) == joined(whole)
        assert single_counters == counters

    @settings(max_examples=40, deadline=None, suppress_health_check=_EACH_WIRE_RUNS_IT)
    @given(data=st.data())
    def test_split_anywhere_equals_whole(self, data: st.DataObject):
        stream = b"".join(self.clean_frames())
        cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
        pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
        whole, counters = self.decode(stream)
        split, split_counters = self.decode(*pieces)
        assert joined(split) == joined(whole)
        assert split_counters == counters

    def test_empty_feed_says_nothing(self):
        assert self.decode(b"", b"") == ([], Counters())

    @applies(lambda wire: wire.self_framing)
    def test_junk_before_between_and_after_costs_no_frame(self):
        frames = self.clean_frames()
        clean, _ = self.decode(b"".join(frames))
        for junk in self.junk():
            decoder = self.decoder()
            noisy = [
                signal
                for piece in (junk, *(frame + junk for frame in frames))
                for signal in decoder.feed(piece)
            ]
            counters = decoder.counters
            assert joined(known(noisy)) == joined(known(clean))
            assert counters.frames_ok == len(frames)
            assert counters.bytes_discarded + self.buffered(decoder) == len(junk) * (len(frames) + 1)
            assert counters.resyncs >= 1

    def test_truncated_stream_gives_a_beginning_of_the_whole(self):
        """Cut anywhere in the first and last frame, at every border between two, and at some places more.

        Every other place is covered by feeding byte by byte, whose signals are those of the whole.
        """
        frames = self.clean_frames()
        stream = b"".join(frames)
        borders = np.cumsum([0, *map(len, frames)])
        rng = np.random.default_rng(17)
        ends = {*range(borders[1]), *range(borders[-2], borders[-1]), *borders[:-1].tolist()}
        ends |= {int(end) for end in rng.integers(0, len(stream), SAMPLED_CUTS)}
        rest, waves = joined(self.decode(stream)[0])
        for end in sorted(ends):
            cut, counters = self.decode(stream[:end])
            cut_rest, cut_waves = joined(cut)
            assert cut_rest == rest[: len(cut_rest)]
            assert all(rows == waves[name][: len(rows)] for name, rows in cut_waves.items())
            assert counters.bytes_in == end

    @applies(lambda wire: wire.self_framing)
    def test_truncated_frame_costs_only_itself(self):
        frames = self.clean_frames()
        for i in range(1, len(frames) - 1):
            _, counters = self.decode(*frames[:i], frames[i][:-2], *frames[i + 1 :], *frames)
            assert counters.frames_ok == 2 * len(frames) - 1

    @applies(lambda wire: wire.checksummed)
    def test_bad_checksum_is_counted_and_costs_only_itself(self):
        frames = self.clean_frames()
        bad = self.frame_with_bad_checksum()
        clean, _ = self.decode(b"".join(frames))
        noisy, counters = self.decode(*frames[:3], bad, *frames[3:])
        assert counters.frames_ok == len(frames)
        assert counters.frames_bad == 1
        assert counters.resyncs == 1
        assert numbers(noisy) == numbers(clean)

    @settings(max_examples=60, deadline=None, suppress_health_check=_EACH_WIRE_RUNS_IT)
    @given(pieces=st.lists(st.binary(max_size=300), max_size=8))
    def test_random_bytes_never_raise_and_counters_add_up(self, pieces: list[bytes]):
        decoder = self.decoder()
        for piece in pieces:
            decoder.feed(piece)
            assert self.buffered(decoder) <= self.max_buffered
        self.check_counters(decoder, sum(map(len, pieces)))

    @settings(max_examples=40, deadline=None, suppress_health_check=_EACH_WIRE_RUNS_IT)
    @given(data=st.data())
    def test_damaged_stream_recovers(self, data: st.DataObject):
        frames = self.clean_frames()
        stream = bytearray(b"".join(frames))
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(stream) - 1))
            stream[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
        decoder = self.decoder()
        decoder.feed(bytes(stream))
        before = decoder.counters.frames_ok
        for _ in range(3):
            decoder.feed(b"".join(frames))
        assert decoder.counters.frames_ok >= before + 2 * len(frames)
        self.check_counters(decoder, len(stream) + 3 * sum(map(len, frames)))

    def test_buffer_stays_bounded_on_endless_noise(self):
        rng = np.random.default_rng(7)
        beginning = self.clean_frames()[0][:3]
        decoder = self.decoder()
        for noise in (bytes(4096), beginning * 1000, rng.bytes(16384), b"\xff" * 4096):
            for i in range(0, len(noise), 512):
                decoder.feed(noise[i : i + 512])
                assert self.buffered(decoder) <= self.max_buffered

    def check_counters(self, decoder: Decoder, fed: int) -> None:
        """Every byte is in a good frame, discarded or still held."""
        counters = decoder.counters
        assert counters.bytes_in == fed
        in_frames = fed - counters.bytes_discarded - self.buffered(decoder)
        shortest = min(map(len, self.clean_frames()))
        assert in_frames >= 0
        assert in_frames >= counters.frames_ok * min(shortest, 2)
        assert (counters.frames_ok == 0) <= (in_frames == 0)
        assert counters.resyncs <= counters.bytes_discarded
