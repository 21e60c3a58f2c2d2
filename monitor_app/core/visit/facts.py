"""What the rules of a visit are told from outside its own record: numbers on the screen, alarms, checks of the program."""

from dataclasses import dataclass, field

from monitor_app.core.baseline import NOTHING_MEASURED, BaselineProposal
from monitor_app.core.dose_check import DEFAULT_LIMITS, DoseLimits

SELF_TEST_PASSED = "passed"
SELF_TEST_FAILED = "failed"
SELF_TEST_SIMULATED = "simulated"
SELF_TEST_NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class ClinicRules:
    """What a clinic may set."""

    recovery_min: float = 30.0  # clinical.md §1.1 P3: 30 by default, 60 and 120 presets
    extended_min: float = 60.0  # clinical.md §12 D1
    after_drug_min: float = 60.0  # clinical.md §12 D1
    dose: DoseLimits = DEFAULT_LIMITS


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """All a guard may look at that is no entry of the visit. Values are the displayed ones; None: no valid value.

    ``*_valid_since_t_ns``: since when that signal has been usable without a break. ``unacknowledged_high``,
    ``active_high_physiological`` and ``standing_alarms`` (active or unacknowledged, any priority) are alarm lines in
    words. ``self_test`` is "passed", "failed", "simulated" (a run without sound; counts in a simulated visit only) or "not
    run". ``record_sha256``: hash of everything stored so far, for signatures. ``cuff_fitted``, ``probe_fitted``: whether a
    monitor here has a cuff, and one measures SpO2.
    """

    t_ns: int
    hr_per_min: float | None = None
    spo2_percent: float | None = None
    rr_per_min: float | None = None
    hr_median_5_min_per_min: float | None = None
    spo2_lowest_10_min_percent: float | None = None
    ecg_valid_since_t_ns: int | None = None
    spo2_valid_since_t_ns: int | None = None
    baseline: BaselineProposal = NOTHING_MEASURED
    unacknowledged_high: tuple[str, ...] = ()
    active_high_physiological: tuple[str, ...] = ()
    standing_alarms: tuple[str, ...] = ()
    self_test: str = SELF_TEST_NOT_RUN
    monitor_mismatch: str = ""  # the monitor names another patient: in words
    next_nibp_t_ns: int | None = None
    record_sha256: str = ""
    cuff_fitted: bool = False
    probe_fitted: bool = False
    rules: ClinicRules = field(default_factory=ClinicRules)
