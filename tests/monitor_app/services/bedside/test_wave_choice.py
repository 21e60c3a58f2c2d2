"""Which wave is drawn: what is heard counts, not what was announced."""

from devices.signals import Quality
from monitor_app.services.bedside.wave_choice import WaveChoice, role_of

S = 1_000_000_000


class Waves:
    """Two monitors' waves, fed a tenth of a second at a time."""

    def __init__(self, **announced: tuple[str, ...]) -> None:
        self.choice = WaveChoice()
        for source, names in announced.items():
            self.choice.add_source(source, names)
        self.t_ns = 0
        self.off: dict[tuple[str, str], str] = {}
        self.told: list[tuple[float, str, str, str]] = []

    def feed(
        self, seconds: float, *keys: tuple[str, str], quality: Quality = Quality.GOOD, rate_hz: float = 250.0
    ) -> None:
        for _ in range(round(seconds * 10)):
            self.t_ns += S // 10
            for key in keys:
                self.choice.heard(key, rate_hz, self.t_ns, quality)
            for switch in self.choice.rank(self.t_ns, lambda source, role: self.off.get((source, role), "")):
                self.told.append((self.t_ns / S, switch.quantity, "/".join(switch.after), switch.why))

    def ecg(self) -> tuple[str, str] | None:
        return self.choice.key("ECG")


def test_roles() -> None:
    assert [role_of(n) for n in ("ECG_II", "ECG1", "ECG_AVF", "PLETH", "RESP", "CO2")] == [
        *("ECG", "ECG", "ECG"),
        *("PLETH", "RESP", "CO2"),
    ]


def test_the_best_announced_lead_until_it_is_heard_what_comes() -> None:
    waves = Waves(a=("ECG_V", "ECG_AVF", "ECG_I", "PLETH"))
    assert waves.ecg() == ("a", "ECG_I")
    assert waves.choice.key("PLETH") == ("a", "PLETH")
    assert waves.choice.key("RESP") is None


def test_a_lead_the_monitor_names_otherwise_is_taken_after_two_seconds() -> None:
    waves = Waves(a=("ECG_II",))
    waves.feed(1.9, ("a", "ECG_III"))
    assert waves.ecg() == ("a", "ECG_II")
    waves.feed(0.3, ("a", "ECG_III"))
    assert waves.ecg() == ("a", "ECG_III")


def test_a_lead_without_a_name_gives_way_to_its_name_at_once() -> None:
    """The first packets of a DRI monitor know no lead: the record that names it comes seconds later."""
    waves = Waves(a=("ECG_II",))
    waves.feed(5, ("a", "ECG1"))
    assert waves.ecg() == ("a", "ECG1")
    waves.feed(0.1, ("a", "ECG_V"))
    assert waves.ecg() == ("a", "ECG_V")


def test_the_lead_set_on_the_monitor_is_followed() -> None:
    waves = Waves(a=("ECG_II",))
    waves.feed(10, ("a", "ECG_II"))
    waves.feed(0.5, ("a", "ECG_I"))
    assert waves.ecg() == ("a", "ECG_I")
    assert waves.told[-1][1:] == ("ECG", "a/ECG_I", "ECG_II no longer comes")


def test_of_several_leads_that_come_the_best_stays() -> None:
    waves = Waves(a=("ECG_I", "ECG_II", "ECG_V"))
    waves.feed(30, ("a", "ECG_I"), ("a", "ECG_II"), ("a", "ECG_V"))
    assert waves.ecg() == ("a", "ECG_II")
    assert waves.told == []


def test_silence_and_loss_move_to_the_other_monitor_and_ten_seconds_bring_it_back() -> None:
    both = (("a", "ECG_II"), ("b", "ECG_II"))
    waves = Waves(a=("ECG_II",), b=("ECG_II",))
    waves.feed(10, *both)
    assert waves.ecg() == ("a", "ECG_II")
    waves.feed(1.8, both[1])
    assert waves.ecg() == ("a", "ECG_II")
    waves.feed(0.4, both[1])
    assert waves.ecg() == ("b", "ECG_II")
    waves.feed(9.8, *both)
    assert waves.ecg() == ("b", "ECG_II")
    waves.feed(0.4, *both)
    assert waves.ecg() == ("a", "ECG_II")
    waves.choice.lost("a")
    waves.feed(0.1, both[1])
    assert waves.ecg() == ("b", "ECG_II")
    assert [why for *_, why in waves.told] == [
        "silent for 2 s",
        "the preferred monitor is back",
        "connection lost",
    ]


def test_a_lead_off_moves_the_ecg_and_an_oximeter_without_finger_the_pleth() -> None:
    keys = [(s, n) for s in ("a", "b") for n in ("ECG_II", "PLETH")]
    waves = Waves(a=("ECG_II", "PLETH"), b=("ECG_II", "PLETH"))
    waves.feed(10, *keys)
    waves.off[("a", "ECG")] = "ECG lead off"
    waves.feed(0.1, *keys)
    assert (waves.ecg(), waves.choice.key("PLETH")) == (("b", "ECG_II"), ("a", "PLETH"))
    waves.off[("a", "PLETH")] = "SpO2 sensor off"
    waves.feed(0.1, *keys)
    assert waves.choice.key("PLETH") == ("b", "PLETH")


def test_a_wave_the_device_doubts_gives_way_when_the_doubt_lasts() -> None:
    waves = Waves(a=("PLETH",), b=("PLETH",))
    waves.feed(10, ("a", "PLETH"), ("b", "PLETH"))
    for quality, chosen in ((Quality.ARTIFACT, "a"), (Quality.GOOD, "a")):
        for _ in range(8):
            waves.t_ns += S // 10
            waves.choice.heard(("a", "PLETH"), 100.0, waves.t_ns, quality)
            waves.feed(0.1, ("b", "PLETH"))
        assert waves.choice.key("PLETH") == (chosen, "PLETH")
    for _ in range(12):
        waves.t_ns += S // 10
        waves.choice.heard(("a", "PLETH"), 100.0, waves.t_ns, Quality.ARTIFACT)
        waves.feed(0.1, ("b", "PLETH"))
    assert waves.choice.key("PLETH") == ("b", "PLETH")


def test_a_wave_too_coarse_to_read_stands_behind() -> None:
    waves = Waves(a=("PLETH",), b=("PLETH",))
    for _ in range(150):
        waves.t_ns += S // 10
        waves.choice.heard(("a", "PLETH"), 10.0, waves.t_ns)
        waves.feed(0.1, ("b", "PLETH"))
    assert waves.choice.key("PLETH") == ("b", "PLETH")


def test_a_wave_nobody_announced_is_shown_too() -> None:
    waves = Waves(a=("PLETH",), b=())
    waves.feed(0.1, ("b", "CO2"))
    assert waves.choice.key("CO2") == ("b", "CO2")


def test_a_wave_that_comes_while_the_one_in_use_does_not_asks_for_a_choice() -> None:
    waves = Waves(a=("PLETH",), b=("PLETH",))
    waves.feed(5, ("a", "PLETH"), ("b", "PLETH"))
    assert not waves.choice.wanting(("b", "PLETH"), waves.t_ns + S)
    assert waves.choice.wanting(("b", "PLETH"), waves.t_ns + 3 * S)
    assert not waves.choice.wanting(("a", "PLETH"), waves.t_ns + 3 * S)
