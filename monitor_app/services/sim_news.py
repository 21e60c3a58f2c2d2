"""What is heard and seen at the simulated chair: the patient's words and the pump's own display."""

from collections.abc import Mapping
from types import MappingProxyType

from devices.simulators.pump import PumpState
from monitor_app.services.sim_chair import SimulatedChair

BAG_MG_PER_ML = 1.0
"""The bag hung at the simulated pump (clinical.md §9.3); the pump shows millilitres, the patient feels milligrams."""

PUMP_STATES: Mapping[PumpState, str] = MappingProxyType(
    {
        PumpState.IDLE: "ready",
        PumpState.RUNNING: "running",
        PumpState.PAUSED: "paused",
        PumpState.STOPPED: "done",
        PumpState.FINISHED: "done",
    }
)
_WORDS: Mapping[PumpState, str] = MappingProxyType(
    {PumpState.IDLE: "ready", PumpState.RUNNING: "running", PumpState.PAUSED: "paused",
     PumpState.STOPPED: "stopped", PumpState.FINISHED: "finished"}
)  # fmt: skip


class ChairNews:
    """Reads a simulated chair from another thread than its own; changes nothing there."""

    def __init__(self, chair: SimulatedChair) -> None:
        self._chair = chair

    def heard(self) -> list[str]:
        """What the patient has said since the last call, a line each."""
        texts = (said.text for said in self._chair.take_utterances())
        return [text if text.startswith("Patient") else f"Patient: {text}" for text in texts]

    def pump(self) -> tuple[str, str]:
        """How the pump stands (``ready``, ``running``, ``paused`` or ``done``), and what its display says."""
        pump = self._chair.bedside.pump
        total_ml = pump.order.total_mg(pump.weight_kg) / BAG_MG_PER_ML
        if pump.state is PumpState.IDLE:
            return PUMP_STATES[pump.state], f"ready · {total_ml:.1f} mL in {pump.order.minutes:g} min"
        given_ml = pump.delivered_mg / BAG_MG_PER_ML
        return PUMP_STATES[pump.state], f"{_WORDS[pump.state]} · {given_ml:.1f} of {total_ml:.1f} mL"
