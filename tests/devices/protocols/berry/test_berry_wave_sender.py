"""Wave frames built many at a time are those built one by one."""

import numpy as np
import pytest

from devices.protocols.berry.frames import FrameType, encode_frame
from devices.protocols.berry.wave_sender import wave_frames


@pytest.mark.parametrize("instants", [1, 16, 17, 125])
@pytest.mark.parametrize(("kind", "waves"), [(FrameType.ECG_WAVE, 7), (FrameType.PLETH_WAVE, 1)])
def test_every_frame_is_as_the_encoder_makes_it(kind: FrameType, waves: int, instants: int) -> None:
    counts = np.random.default_rng(instants).integers(0, 256, (instants, waves), dtype=np.uint8)
    assert wave_frames(kind, counts) == [encode_frame(kind, row.tobytes()) for row in counts]
