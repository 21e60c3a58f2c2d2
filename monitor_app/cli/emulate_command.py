"""``chairside emulate``: behave as a monitor on a wire, until told to stop."""

import argparse

from devices.clock import SystemClock
from devices.errors import ConfigError
from devices.registry import driver_info, plain_id
from devices.simulators.emulator import EmulatorRunner
from devices.transport.base import Transport
from devices.transport.open_port import CAPTURE_SCHEME, open_transport
from devices.transport.pty import PtyPort
from monitor_app.cli.output import note
from monitor_app.cli.stop_signal import StopSignal
from monitor_app.services.control_server import ControlServer, parse_control_address
from monitor_app.services.emulate_run import Emulation, EmulationPlan


def run_emulate(arguments: argparse.Namespace) -> int:
    """Emulate until Ctrl-C or a TERM; the pseudo-terminal's link is gone then. Raises KnownError."""
    address = parse_control_address(arguments.control) if arguments.control else None
    with StopSignal() as stop:
        transport = _transport(arguments)
        emulation = Emulation(_plan(arguments), transport)
        server = ControlServer(*address, emulation.answer) if address else None
        runner = EmulatorRunner(emulation.emulator, SystemClock(), speed=arguments.speed)
        stop.on_stop(runner.stop)
        try:
            if server is not None:
                server.open()
                emulation.hooks.append(server.poll)
            emulation.emulator.open()
            _announce(emulation, transport, server, arguments)
            runner.run()
        finally:
            emulation.emulator.close()
            if server is not None:
                server.close()
    return 0


def _plan(arguments: argparse.Namespace) -> EmulationPlan:
    return EmulationPlan(
        driver_id=plain_id(arguments.driver),
        scenario=arguments.scenario,
        recording=arguments.recording,
        start_phase=arguments.start_phase,
        seed=arguments.seed,
        faults=tuple(arguments.fault),
        nibp_auto_min=arguments.nibp_auto or None,
    )


def _transport(arguments: argparse.Namespace) -> Transport:
    if arguments.pty is not None:
        return PtyPort(arguments.pty)
    if arguments.port.lower().startswith(CAPTURE_SCHEME):
        raise ConfigError("A capture takes no bytes: name a port with --port, or use --pty.")
    return open_transport(arguments.port, driver_info(plain_id(arguments.driver)).serial)


def _announce(
    emulation: Emulation, transport: Transport, server: ControlServer | None, arguments: argparse.Namespace
) -> None:
    where = f"{arguments.pty} -> {transport.slave_name}" if isinstance(transport, PtyPort) else arguments.port
    control = f", control on {server.url}" if server else ""
    note(f"{emulation.driver_id} on {where}, {emulation.story}, seed {emulation.seed}{control}, Ctrl-C ends")
    told: list[bool] = []

    def tell_end() -> None:
        if not told and emulation.ended:
            told.append(True)
            note("the recording is over: its sensors are off now, Ctrl-C ends")

    emulation.hooks.append(tell_end)
