"""What can be typed after ``chairside demo``, ``bench`` and ``selftest``."""

from pathlib import Path

from monitor_app.cli.argument_types import RAW_HELP, Add, positive, seed


def add_simulation(add: Add) -> None:
    """Add the commands of the simulation and of the program itself."""
    demo = add("demo", "demo_command", "a whole simulated visit, from check-in to the signed record")
    demo.add_argument("--scenario", default="S02", metavar="ID", help="S01, S02 … or a scenario file")
    demo.add_argument("--speed", type=positive, default=1.0, help="times real time, in the window")
    demo.add_argument("--seed", type=seed, default=None, help="same seed, same visit")
    demo.add_argument("--raw", action="store_true", help=RAW_HELP)
    demo.add_argument("--headless", action="store_true", help="without a window, as fast as it goes")
    demo.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="where record, exports and pictures go"
    )
    bench = add("bench", "bench_command", "measure speed and size against their bounds")
    bench.add_argument(
        "parts", nargs="*", metavar="PART", help="only these (storm: a longer one); default all"
    )
    bench.add_argument("--quick", action="store_true", help="shorter runs with wider spread")
    add("selftest", "selftest_command", "prove that this installation works, end to end")
