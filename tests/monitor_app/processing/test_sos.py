"""Section designs against scipy's."""

import numpy as np
import pytest
from scipy import signal

from monitor_app.processing.sos import butter_highpass, butter_lowpass, group_delay_s, notch, response

FREQUENCIES = np.linspace(0.01, 99.0, 500)


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(("kind", "ours"), [("lowpass", butter_lowpass), ("highpass", butter_highpass)])
@pytest.mark.parametrize("corner_hz", [0.05, 0.5, 40.0])
def test_butterworth_equals_scipy(order, kind, ours, corner_hz):
    theirs = signal.sosfreqz(
        signal.butter(order, corner_hz, kind, fs=250, output="sos"), FREQUENCIES, fs=250
    )[1]
    np.testing.assert_allclose(response(ours(order, corner_hz, 250.0), FREQUENCIES, 250.0), theirs, atol=1e-8)


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_notch_equals_scipy(mains_hz):
    b, a = signal.iirnotch(mains_hz, mains_hz / 5.0, fs=500)
    theirs = signal.freqz(b, a, FREQUENCIES, fs=500)[1]
    np.testing.assert_allclose(response(notch(mains_hz, 500.0, 5.0), FREQUENCIES, 500.0), theirs, atol=1e-10)


def test_group_delay_equals_scipy():
    b, a = signal.butter(2, 40.0, fs=250)
    _, theirs = signal.group_delay((b, a), [10.0], fs=250)
    assert group_delay_s(butter_lowpass(2, 40.0, 250.0), 10.0, 250.0) == pytest.approx(
        theirs[0] / 250, rel=1e-4
    )


@pytest.mark.parametrize("corner_hz", [0.0, 125.0, 200.0])
def test_corner_outside_the_band_is_refused(corner_hz):
    with pytest.raises(ValueError, match="no Butterworth"):
        butter_lowpass(2, corner_hz, 250.0)
    with pytest.raises(ValueError, match="no notch"):
        notch(corner_hz, 250.0, 5.0)
