"""The conformance kit: every driver's test module subclasses ``DriverConformance``, ours and a plug-in's alike.

``class TestXxxConformance(DriverConformance)`` sets ``driver_class``, ``monitor_class``, ``protocol_package``,
``max_buffered`` and ``clean_frames``; the switches of ``Wire`` say what does not apply to its wire.

=====================================================  ==========================================
whole, byte by byte, split anywhere, junk, truncated,  ``DecoderChecks``
bad checksum, random bytes, bounded buffer, counters
information, opening, both ends together, sensors,     ``DriverChecks``
no port and no clock in the protocol
a cuff the host times                                  ``CuffChecks``
a cuff the monitor times                               ``PanelCuffChecks``
pulled cable, silence, monitor switched off and on     ``LinkChecks``
=====================================================  ==========================================
"""

from tests.conformance.cuff_checks import CuffChecks
from tests.conformance.decoder_checks import DecoderChecks
from tests.conformance.driver_checks import DriverChecks
from tests.conformance.link_checks import LinkChecks
from tests.conformance.panel_cuff_checks import PanelCuffChecks


class DriverConformance(DecoderChecks, DriverChecks, CuffChecks, PanelCuffChecks, LinkChecks):
    """Every check there is."""
