from functools import reduce
from operator import xor
from pathlib import Path
from typing import ClassVar

from devices.declarative_file import load_declarative
from devices.protocols.delimited.lines import MAX_BUFFERED
from tests.conformance.driver_conformance import DriverConformance

SAMPLE = load_declarative(Path(__file__).parents[1] / "protocols" / "delimited" / "acme_spot.toml")


def line(text: str) -> bytes:
    """A whole line, its checksum computed here: exclusive or of what stands between $ and *."""
    return f"${text}*{reduce(xor, text.encode('ascii'), 0):02X}\r\n".encode("ascii")


class TestDeclarativeConformance(DriverConformance):
    driver_class = SAMPLE.driver
    monitor_class = staticmethod(SAMPLE.monitor)
    protocol_package = "devices.protocols.delimited"
    max_buffered = MAX_BUFFERED
    silent_until_asked = False
    measured_numerics: ClassVar[dict[str, float]] = {"HR": 75.0, "PR": 76.0, "SPO2": 97.0, "TEMP": 36.6}

    def clean_frames(self) -> list[bytes]:
        cuff = "SYS=122,DIA=78,MAP=92,BPS=OK,BPT=2026-01-02 10:{:02d}:00"
        frames = [
            line(f"T=2026-01-02 10:15:{n:02d},HR={72 + n},SPO2={97 - n % 2}%,BPM=073,TMP=366")
            for n in range(8)
        ]
        return [
            *frames,
            line("T=2026-01-02 10:15:10,HR=---,SPO2=---%,BPM=---,TMP=999,ALM=02"),
            line("HR=80," + cuff.format(12)),
            line("HR=81," + cuff.format(15)),
            line("ID=SPOT-200 v3,SN=12345,HR=80"),
        ]

    def frame_with_bad_checksum(self) -> bytes:
        return line("HR=80").replace(b"HR=80", b"HR=81")
