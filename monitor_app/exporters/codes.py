"""LOINC and IEEE 11073-10101 codes and UCUM units of what is measured (clinical.md §14.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Coding:
    """Empty where a system has no code for the quantity. ``mdc`` is partition x 65536 + term."""

    title: str
    ucum: str
    loinc: str = ""
    mdc: int | None = None
    mdc_name: str = ""


CODES: Mapping[str, Coding] = MappingProxyType(
    {
        "HR": Coding("Heart rate (ECG)", "/min", "8867-4", 147842, "MDC_ECG_HEART_RATE"),
        "PR": Coding("Pulse rate (oximeter)", "/min", "8889-8", 149530, "MDC_PULS_OXIM_PULS_RATE"),
        "PR_CUFF": Coding("Pulse rate (cuff)", "/min", "8867-4", 149546, "MDC_PULS_RATE_NON_INV"),
        "SPO2": Coding("Oxygen saturation (SpO2)", "%", "59408-5", 150456, "MDC_PULS_OXIM_SAT_O2"),
        "PI": Coding("Perfusion index", "%", "61006-3", 150488, "MDC_PULS_OXIM_PERF_REL"),
        "RR": Coding("Respiration rate", "/min", "9279-1", 151562, "MDC_RESP_RATE"),
        "TEMP": Coding("Body temperature", "Cel", "8310-5", 150364, "MDC_TEMP_BODY"),
        "NIBP": Coding("Blood pressure, cuff", "", "85354-9", 150020, "MDC_PRESS_BLD_NONINV"),
        "SYS": Coding("Systolic pressure", "mm[Hg]", "8480-6", 150021, "MDC_PRESS_BLD_NONINV_SYS"),
        "DIA": Coding("Diastolic pressure", "mm[Hg]", "8462-4", 150022, "MDC_PRESS_BLD_NONINV_DIA"),
        "MAP": Coding("Mean pressure", "mm[Hg]", "8478-0", 150023, "MDC_PRESS_BLD_NONINV_MEAN"),
        "PLETH": Coding("Pleth wave", "{dimless}", "", 150452, "MDC_PULS_OXIM_PLETH"),
        "ECG_I": Coding("ECG lead I", "mV", "", 131329, "MDC_ECG_ELEC_POTL_I"),
        "ECG_II": Coding("ECG lead II", "mV", "", 131330, "MDC_ECG_ELEC_POTL_II"),
        "ECG_III": Coding("ECG lead III", "mV", "", 131389, "MDC_ECG_ELEC_POTL_III"),
        "O2_FLOW": Coding("Oxygen flow", "L/min", "3151-8"),
    }
)
