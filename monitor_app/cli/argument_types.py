"""What an argument of the command line may be: each refuses in words that say what it must be."""

import argparse
import importlib
from collections.abc import Callable

from devices.errors import ConfigError, KnownError

Add = Callable[..., argparse.ArgumentParser]
"""Makes a subcommand of a name, the module that runs it, and a sentence."""

RAW_HELP = "record the bytes of the monitors' lines beside the session too"


def positive(text: str) -> float:
    """A number above 0."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"must be above 0, not {text}")
    return value


def whole_above_0(text: str) -> int:
    """A whole number above 0."""
    value = int(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"must be above 0, not {text}")
    return value


def seed(text: str) -> int:
    """A whole number, 0 or above."""
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"must be 0 or above, not {text}")
    return value


def finite(text: str) -> float:
    """A number of seconds."""
    value = float(text)
    if not abs(value) < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number of seconds, not {text}")
    return value


def of_form(module: str, function: str) -> Callable[[str], str]:
    """A type whose text must have the form that a parser elsewhere wants; what it means is the command's affair."""

    def check(text: str) -> str:
        parse = getattr(importlib.import_module(module), function)
        try:
            parse(text)
        except ConfigError as error:
            raise argparse.ArgumentTypeError(str(error)) from error
        except KnownError:
            return text  # well formed: the command says what else is wrong with it
        return text

    return check


device_port = of_form("devices.registry", "parse_device")
baseline = of_form("monitor_app.services.replay", "parse_baseline")
pressure = of_form("monitor_app.services.replay", "parse_pressure")
