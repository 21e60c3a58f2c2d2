"""Where cuff, SpO2 probe and IV are on the patient, as somebody has said (clinical.md §8.5, §16.3; pure).

Nothing is taken for granted: until it has been said, a place is unknown, and SpO2 is then judged as if the probe were
on another limb than the cuff.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from monitor_app.core.journal import CareEntry
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.guard import Guard, Judgement, automatic
from monitor_app.core.visit.state import Visit

KIND = "limbs"
CUFF_PLACES = ("left arm", "right arm", "left leg", "right leg")
PROBE_PLACES = ("left hand", "right hand", "left foot", "right foot", "ear")
IV_PLACES = ("left arm", "right arm", "elsewhere")
PLACES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"cuff": CUFF_PLACES, "probe": PROBE_PLACES, "iv": IV_PLACES}
)
"""What may be said of each, by the name of its field in a ``CareEntry`` of kind ``limbs``."""

_LIMB_OF = MappingProxyType(
    {
        "left hand": "left arm",
        "right hand": "right arm",
        "left foot": "left leg",
        "right foot": "right leg",
    }
)


@dataclass(frozen=True, slots=True)
class Limbs:
    """Places as last said; empty: nobody has said."""

    cuff: str = ""
    probe: str = ""
    iv: str = ""

    @property
    def probe_behind_cuff(self) -> bool:
        """Whether the cuff cuts off the SpO2 probe's blood while it inflates."""
        return bool(self.cuff) and _LIMB_OF.get(self.probe, self.probe) == self.cuff

    @property
    def cuff_on_iv(self) -> bool:
        """Whether the cuff stops the infusion's flow while it inflates."""
        return bool(self.cuff) and self.cuff == self.iv

    @property
    def text(self) -> str:
        """``Cuff left arm, SpO2 probe right hand``; empty where nothing has been said."""
        said = (("cuff", self.cuff), ("SpO2 probe", self.probe), ("IV", self.iv))
        words = ", ".join(f"{name} {place}" for name, place in said if place)
        return words[:1].upper() + words[1:]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is amiss with these places, a sentence each (clinical.md §8.5)."""
        found = []
        if self.probe_behind_cuff:
            found.append("Probe behind the cuff: SpO2 alarms are held while it inflates. Use the other side.")
        if self.cuff_on_iv:
            found.append("Cuff on the IV arm: it stops the infusion while it inflates. Use the other arm.")
        return tuple(found)


def limbs_now(entries: Iterable[CareEntry]) -> Limbs:
    """Return the places after these entries; each entry may say only some of them."""
    known: dict[str, str] = {}
    for entry in entries:
        if entry.kind == KIND:
            known |= {name: str(entry.fields[name]) for name in PLACES if entry.fields.get(name)}
    return Limbs(**known)


def limbs_said(visit: Visit, facts: VisitFacts) -> Guard | None:
    """Ask at check-in where cuff and probe are; not where the monitors have no cuff."""
    if not facts.cuff_fitted:
        return None
    limbs = limbs_now(visit.care)
    missing = [] if limbs.cuff else ["cuff"]
    if facts.probe_fitted and not limbs.probe:
        missing.append("SpO2 probe")
    if missing:
        text = f"On which limb {'are' if len(missing) > 1 else 'is'} the {' and the '.join(missing)}?"
        return automatic(KIND, Judgement(ok=False, text=text))
    text = " ".join((f"{limbs.text}.", *limbs.warnings))
    return automatic(KIND, Judgement(ok=True, text=text, amber=bool(limbs.warnings)))
