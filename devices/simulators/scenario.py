"""Scenario files: their schema, and reading them with messages that name line and key (clinical.md §17.4).

The folder they live in is an argument: nothing here guesses where the program's resources are.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    field_validator,
    model_validator,
)

from devices.errors import ConfigError
from devices.signals import NibpFailure
from devices.simulators.acts import ELECTRODES, LIMBS
from devices.simulators.json_lines import line_of
from devices.simulators.pump import InfusionOrder
from devices.simulators.trigger import Trigger, is_relative
from devices.simulators.trigger_text import parse_clock, parse_trigger
from devices.simulators.vitals import VITAL_KEYS, VITAL_LIMITS

CUFF_FAULTS = tuple(failure.name.lower() for failure in NibpFailure)


def _one_of(allowed: tuple[str, ...]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"use one of {', '.join(allowed)}")
        return value

    return AfterValidator(check)


def _vital_values(values: dict[str, float]) -> dict[str, float]:
    for key in values:
        if key not in VITAL_KEYS:
            raise ValueError(f"{key!r} is no vital sign; use {', '.join(VITAL_KEYS)}")
    return values


def _within_limits(values: dict[str, float]) -> dict[str, float]:
    for key, value in _vital_values(values).items():
        low, high = VITAL_LIMITS[key]
        if not low <= value <= high:
            raise ValueError(f"{key} {value:g} is outside {low:g} to {high:g}")
    return values


def _clock(text: str) -> str:
    parse_clock(text)
    return text


def _trigger(text: str) -> str:
    parse_trigger(text)
    return text


VitalSet = Annotated[dict[str, float], AfterValidator(_within_limits)]
VitalOffset = Annotated[dict[str, float], AfterValidator(_vital_values)]


class _Part(BaseModel):
    """A part of a scenario file: strict types, no unknown keys."""

    # Built once, as a whole, by the first file: each part by itself takes a twentieth of a start.
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)


class BaselineSpec(_Part):
    """Resting values."""

    hr: float = Field(ge=30, le=200)
    sbp: float = Field(ge=70, le=220)
    dbp: float = Field(ge=35, le=140)
    spo2: float = Field(ge=70, le=100)
    rr: float = Field(ge=4, le=40)
    temp: float = Field(default=36.7, ge=33, le=41)
    pi: float = Field(default=3.0, ge=0.05, le=20)


class GainsSpec(_Part):
    """Rises at the peak of 0.5 mg/kg over 40 min; drawn from the population by the seed when not given."""

    sbp: float = Field(ge=-60, le=120)
    dbp: float = Field(ge=-40, le=80)
    hr: float = Field(ge=-40, le=80)


class PatientSpec(_Part):
    """Who the patient is. Invented; never a real person."""

    age: int = Field(ge=18, le=110)
    weight: float = Field(ge=30, le=250)
    sex: Literal["F", "M", "X"] = "X"
    htn: bool = False
    initials: str = Field(default="S. P.", max_length=8)
    pseudonym: str = Field(default="P-0000", max_length=16)
    allergies: tuple[str, ...] = ()
    asa: int = Field(default=2, ge=1, le=4)
    baseline: BaselineSpec | None = None
    gains: GainsSpec | None = None


class OrderSpec(_Part):
    """The infusion ordered."""

    mg_per_kg: float = Field(default=0.5, gt=0, le=3)
    min: float = Field(default=40, gt=0, le=600)


class SensorSpec(_Part):
    """What a step does to the sensors; a key left out is left alone."""

    leads_off: tuple[Annotated[str, _one_of(ELECTRODES)], ...] | None = None
    finger_out: bool | None = None
    probe_unplugged: bool | None = None
    probe_limb: Annotated[str, _one_of(LIMBS)] | None = None
    cuff_limb: Annotated[str, _one_of(LIMBS)] | None = None
    cuff_loose: bool | None = None
    cuff_fault: Annotated[str, _one_of(("none", *CUFF_FAULTS))] | None = None
    motion: float | None = Field(default=None, ge=0, le=1)


class LinkSpec(_Part):
    """What a step does to the data cable."""

    cable_out: bool


class StepSpec(_Part):
    """One thing that happens, once, when its trigger first holds."""

    at: Annotated[str, AfterValidator(_trigger)]
    set: VitalSet = Field(default_factory=dict)
    offset: VitalOffset = Field(default_factory=dict)
    release: tuple[Annotated[str, _one_of(VITAL_KEYS)], ...] = ()
    staged: VitalSet = Field(default_factory=dict)
    ramp_s: float = Field(default=0, ge=0, le=14400)
    ramp: Literal["linear", "ease"] = "linear"
    say: str = ""
    event: Literal["anxiety"] | None = None
    sensor: SensorSpec | None = None
    link: LinkSpec | None = None

    @property
    def trigger(self) -> Trigger:
        """The parsed form of ``at``."""
        return parse_trigger(self.at)

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        changes = (
            self.set,
            self.offset,
            self.release,
            self.staged,
            self.say,
            self.event,
            self.sensor,
            self.link,
        )
        if not any(changes):
            raise ValueError(
                "this step does nothing; give it set, offset, release, staged, say, event, sensor or link"
            )
        return self

    @field_validator("staged")
    @classmethod
    def _only_pressures(cls, staged: dict[str, float]) -> dict[str, float]:
        if not set(staged) <= {"sbp", "dbp"}:
            raise ValueError("only sbp and dbp can be staged for the next cuff reading")
        return staged


class ActSpec(_Part):
    """What the chair does by itself at a time of the story, when nobody else plays the nurse."""

    at: Annotated[str, AfterValidator(_clock)]
    do: Literal["pump_start", "pump_pause", "pump_stop", "oxygen", "drug", "place_cuff", "talk", "perform"]
    l_per_min: float = Field(default=0, ge=0, le=15)
    name: str = ""
    mg: float = Field(default=0, ge=0, le=1000)


class ExpectSpec(_Part):
    """What a good trainee does, with its points."""

    id: str
    text: str
    rule: str
    pts: int = Field(ge=-100, le=100)


class Scenario(_Part):
    """A whole scenario file."""

    id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")
    title: str
    summary: str = ""
    seed: int = Field(default=1, ge=0, le=2**31 - 1)
    patient: PatientSpec
    order: OrderSpec = OrderSpec()
    timeline: tuple[ActSpec, ...] = ()
    steps: tuple[StepSpec, ...] = ()
    expect: tuple[ExpectSpec, ...] = ()
    answers: dict[str, JsonValue] = Field(default_factory=dict)

    @field_validator("steps")
    @classmethod
    def _first_step_stands_alone(cls, steps: tuple[StepSpec, ...]) -> tuple[StepSpec, ...]:
        if steps and is_relative(steps[0].trigger):
            raise ValueError("the first step cannot use '+time': there is no step above it to count from")
        return steps

    @property
    def infusion_order(self) -> InfusionOrder:
        """The order as the pump takes it."""
        return InfusionOrder(self.order.mg_per_kg, self.order.min)


def load_scenario(path_or_id: str | Path, *, scenario_dir: Path | None = None) -> Scenario:
    """Read a scenario by file path, or by id from ``scenario_dir``. Raises ``ConfigError`` naming line and key."""
    path = _find(path_or_id, scenario_dir)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The scenario {path} cannot be read ({error}): check the file's name and rights."
        ) from error
    return parse_scenario(text, name=path.name)


def parse_scenario(text: str, *, name: str) -> Scenario:
    """Read a scenario from text; ``name`` is what messages call the file. Raises ``ConfigError``."""
    try:
        return Scenario.model_validate_json(text)
    except ValidationError as error:
        raise ConfigError(_sentence(text, name, error)) from error


def list_scenarios(scenario_dir: Path) -> tuple[Scenario, ...]:
    """Read every scenario of a folder, by id. Raises ``ConfigError`` for the first broken one."""
    return tuple(sorted((load_scenario(path) for path in scenario_dir.glob("*.json")), key=lambda s: s.id))


def _find(path_or_id: str | Path, scenario_dir: Path | None) -> Path:
    path = Path(path_or_id)
    if path.suffix == ".json" or path.is_file():
        return path
    known = sorted(scenario_dir.glob("*.json")) if scenario_dir else []
    for candidate in known:
        if candidate.stem.lower() == str(path_or_id).lower():
            return candidate
    names = ", ".join(candidate.stem for candidate in known) or "none"
    raise ConfigError(
        f"There is no scenario {str(path_or_id)!r}: use one of {names}, or the path of a .json file."
    )


def _sentence(text: str, name: str, error: ValidationError) -> str:
    # A misspelt key also makes the right one missing: the misspelling is the one to name.
    first = min(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
    if first["type"] == "json_invalid":
        return f"{name} is not JSON: {first['ctx']['error']}."
    path = first["loc"]
    key = (
        "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
        or "the file"
    )
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = f"this key is not known here, use {', '.join(_part_at(path[:-1]).model_fields)}"
    value = "" if first["type"] in {"extra_forbidden", "missing"} else f" (it is {_short(first['input'])})"
    return f"{name}, line {line_of(text, path)}, {key}: {message}{value}."


def _part_at(path: tuple[int | str, ...]) -> type[BaseModel]:
    part: type[BaseModel] = Scenario
    for name in path:
        if isinstance(name, str):
            part = _part_in(part.model_fields[name].annotation)
    return part


def _part_in(annotation: Any) -> type[BaseModel]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(
        _part_in(inner) for inner in get_args(annotation) if inner is not type(None) and inner is not ...
    )


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
