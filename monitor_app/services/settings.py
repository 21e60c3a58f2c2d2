"""The clinic's settings: one TOML file beside the databases, read strictly, written as a whole."""

import json
import tomllib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import get_ident

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from devices.errors import ConfigError
from monitor_app.core.sound_output import SoundOutput

FILE_NAME = "settings.toml"


class _File(BaseModel):
    """What the file may hold."""

    model_config = ConfigDict(extra="forbid")

    devices: tuple[str, ...] = ()
    chair: str = Field(default="1", min_length=1, max_length=8)
    theme: str = Field(default="dark", pattern="^(dark|light|night)$")
    px_per_mm: float | None = Field(default=None, ge=2, le=16)
    user_name: str = Field(default="", max_length=80)
    user_role: str = Field(default="nurse", max_length=20)
    trend_min: int = Field(default=120, ge=0, le=1440)
    ecg_gain: float = Field(default=10, ge=0, le=40)
    safety_read: bool = False
    record_raw: bool = False
    volume_step: int = Field(default=4, ge=1, le=4)  # clinical.md §5.3: four steps, the lowest can be heard
    quiet_low: bool = False
    second_sound_key: str = ""  # of any length: what the system calls it is not ours to bound
    second_sound_name: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """``devices``: the monitors of this chair as DRIVER@PORT (a USB adapter as DRIVER@usb:…); ``px_per_mm`` None: what the screen says of itself.

    ``trend_min``: span of the chart in minutes, 0 for the whole visit. ``ecg_gain`` in mm/mV, 0 for auto. ``safety_read``: somebody has confirmed the page on
    electrical safety at this chair. ``record_raw``: the monitors' bytes are recorded beside each session. ``volume_step``: how loud alarms are, 1 to 4.
    ``quiet_low``: during the infusion LOW alarms are picture only (clinical.md §16.3). ``second_sound_…``: the output for HIGH
    alarms nobody answers (§5.4), by what the system and what people call it; empty: none.
    """

    devices: tuple[str, ...] = ()
    chair: str = "1"
    theme: str = "dark"
    px_per_mm: float | None = None
    user_name: str = ""
    user_role: str = "nurse"
    trend_min: int = 120
    ecg_gain: float = 10.0
    safety_read: bool = False
    record_raw: bool = False
    volume_step: int = 4
    quiet_low: bool = False
    second_sound_key: str = ""
    second_sound_name: str = ""

    @property
    def second_sound(self) -> SoundOutput:
        """The second output; one named by its key alone is called by that."""
        return SoundOutput(self.second_sound_key, self.second_sound_name or self.second_sound_key)


def load_settings(folder: Path) -> Settings:
    """Read the settings; a missing file gives the defaults, a broken one is never taken for them.

    :raises ConfigError: naming file, key and what is allowed.
    """
    path = folder / FILE_NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}): check its rights.") from error
    try:
        found = _File.model_validate(tomllib.loads(content.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"{path} is not valid TOML ({error}): correct it, or delete it for the defaults."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}: {key}: {first['msg']}; correct it, or delete the line.") from error
    return Settings(**found.model_dump())


def save_settings(folder: Path, settings: Settings) -> None:
    """Write the settings, all or nothing.

    :raises ConfigError: the folder cannot be written.
    """
    path = folder / FILE_NAME
    lines = [f"{key} = {_toml(value)}" for key, value in asdict(settings).items() if value is not None]
    # Another window on the same folder may save at the same moment.
    scratch = path.with_suffix(f".{get_ident()}.tmp")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch.write_text("\n".join(lines) + "\n", encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written ({error.strerror}): check the folder's rights."
        ) from error


def changed(settings: Settings, **values: object) -> Settings:
    """The settings with some values replaced."""
    return replace(settings, **values)  # type: ignore[arg-type]


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, str):
        # JSON's escapes are TOML's too; only DEL may stand bare in the one and not in the other.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
