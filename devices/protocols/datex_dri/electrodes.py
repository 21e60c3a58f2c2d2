"""Which electrodes a lead of an emulated monitor needs."""

from types import MappingProxyType

from devices.patient import SensorState

_LIMBS = frozenset({"RA", "LA", "LL", "RL"})
_NEEDS = MappingProxyType(
    {
        "I": frozenset({"RA", "LA", "RL"}),
        "II": frozenset({"RA", "LL", "RL"}),
        "III": frozenset({"LA", "LL", "RL"}),
        "V": _LIMBS | {"V"},
    }
)
"""The Goldberger leads need all limbs."""


def lead_off(lead: str, sensors: SensorState) -> bool:
    """Whether a lead (``II``) has an electrode off."""
    return bool(_NEEDS.get(lead, _LIMBS) & set(sensors.ecg_leads_off))


def limbs_off(sensors: SensorState) -> bool:
    """Whether a limb electrode is off: breathing is measured through them."""
    return bool(_LIMBS & set(sensors.ecg_leads_off))
