"""PySide6 6.12.0 aborts Python 3.11 after some 550 emissions: each loses a reference to True (libraries.md §2.1)."""

import subprocess
import sys
import textwrap

EMISSIONS = 20_000

PROGRAM = f"""
    import os
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QObject, Qt, Signal
    from PySide6.QtWidgets import QApplication

    class Source(QObject):
        heard = Signal(bool)
        plain = Signal()

    app = QApplication([])
    source, count = Source(), [0]

    def hear(_value):
        count[0] += 1

    source.heard.connect(hear)
    source.heard.connect(hear, Qt.ConnectionType.QueuedConnection)
    for number in range({EMISSIONS}):
        source.heard.emit(True)
        source.plain.emit()
        if number % 500 == 0:
            app.processEvents()
    app.processEvents()
    print(count[0])
"""


def test_twenty_thousand_emissions_leave_the_interpreter_alive():
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(PROGRAM)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == 2 * EMISSIONS
