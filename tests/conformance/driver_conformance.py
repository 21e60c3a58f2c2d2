"""The conformance kit: every driver's test module subclasses ``DriverConformance``.

``class TestXxxConformance(DriverConformance)`` sets ``driver_class``, ``monitor_class``, ``protocol_package``,
``max_buffered`` and ``clean_frames``; the switches of ``Wire`` say what does not apply to its wire.
"""

from tests.conformance.cuff_checks import CuffChecks
from tests.conformance.decoder_checks import DecoderChecks
from tests.conformance.driver_checks import DriverChecks


class DriverConformance(DecoderChecks, DriverChecks, CuffChecks):
    """Every check there is."""
