"""A monitor described in a TOML file: its driver and its emulator, without a line of code.

``docs/describing-a-monitor.md`` explains the file to the person who writes it.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from devices.description import read_description
from devices.drivers.declarative import DeclarativeDriver, declarative_driver, declarative_monitor
from devices.errors import ConfigError
from devices.protocols.base import MonitorFactory

_LARGEST_FILE = 256_000


@dataclass(frozen=True, slots=True)
class DeclaredDevice:
    """What a description file gives."""

    driver: type[DeclarativeDriver]
    monitor: MonitorFactory


def load_declarative(path: Path) -> DeclaredDevice:
    """Read a description file.

    :raises ConfigError: it cannot be read, is no TOML, or describes something impossible; one sentence.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ConfigError(f"{path} is too large for a monitor description: name another file.")
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"There is no monitor description {path}: check its name.") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}): check its name and rights.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} is no TOML: {error}.") from error
    layout, serial = read_description(path.name, content)
    return DeclaredDevice(declarative_driver(layout, serial), declarative_monitor(layout))
