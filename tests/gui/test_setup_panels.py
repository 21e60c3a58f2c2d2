"""Cuff and probe, how the ECG is drawn, a proposed grade, the clock of an emergency: set up and seen as a nurse would."""

from dataclasses import replace

import pytest
import sample_screens
from panel_hands import NURSE, click, open_panel, press
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from monitor_app.core.commands import RecordCare, SetEcgFilter
from monitor_app.services.screen import Freshness
from monitor_app.ui.requests import GainChosen
from monitor_app.ui.tile import Tile, foot_beside


def knowing(**fields):
    screen = sample_screens.quiet()
    return replace(screen, fields={**screen.fields, **{k.replace("__", "."): v for k, v in fields.items()}})


class TestLimbs:
    def test_nothing_is_chosen_before_it_is_said(self, window) -> None:
        panel = open_panel(window, "limbs")
        assert (panel.cuff.value, panel.probe.value, panel.iv.value) == ("", "", "")
        assert not panel.record.isEnabled()

    def test_what_is_said_is_recorded_in_one_line(self, window) -> None:
        panel = open_panel(window, "limbs")
        click(panel.cuff.buttons["left arm"])
        click(panel.probe.buttons["right hand"])
        press(panel, "Record")
        (said,) = window.heard
        assert said == RecordCare(
            "limbs",
            "Cuff left arm, SpO2 probe right hand",
            NURSE,
            {"cuff": "left arm", "probe": "right hand"},
        )
        assert window.panels.key == ""

    @pytest.mark.parametrize(
        ("cuff", "probe", "iv", "words"),
        [
            ("left arm", "left hand", "right arm", "SpO2 alarms are held"),
            ("right arm", "left hand", "right arm", "stops the infusion"),
        ],
    )
    def test_what_is_amiss_is_said_before_it_is_recorded(self, window, cuff, probe, iv, words) -> None:
        panel = open_panel(window, "limbs")
        for chips, place in ((panel.cuff, cuff), (panel.probe, probe), (panel.iv, iv)):
            click(chips.buttons[place])
        assert words in panel.hint.text()
        press(panel, "Record")
        assert words in window.heard[0].text

    def test_it_begins_with_what_is_known(self, window) -> None:
        window.show_screen(knowing(limbs__cuff="right arm", limbs__probe="ear", limbs__iv=""), 0)
        panel = open_panel(window, "limbs")
        assert (panel.cuff.value, panel.probe.value, panel.iv.value) == ("right arm", "ear", "")

    def test_the_pressure_panel_says_where_and_leads_there(self, window) -> None:
        panel = open_panel(window, "nibp")
        assert "limb not said" in panel.hint.text()
        window.show_screen(knowing(limbs__text="Cuff left arm, SpO2 probe right hand"), 0)
        assert "Cuff left arm" in panel.hint.text()
        press(panel, "Cuff and probe…")
        assert window.panels.key == "limbs"

    def test_a_monitor_that_does_not_keep_to_the_plan_is_told_of(self, window) -> None:
        panel = open_panel(window, "nibp")
        words = "The monitor measured after 10.0 min; the plan says 5 min."
        window.show_screen(knowing(nibp__differs=words), 0)
        assert words in panel.hint.text()


class TestWaves:
    @pytest.mark.parametrize(("touch", "gain"), [("20", 20.0), ("2.5", 2.5), ("Auto", 0.0)])
    def test_a_gain_acts_at_once_and_the_panel_stays(self, window, touch, gain) -> None:
        panel = open_panel(window, "waves")
        click(panel.gain.buttons[touch])
        assert window.heard == [GainChosen(gain)]
        assert window.ecg_gain == gain
        assert window.panels.key == "waves"

    def test_band_and_notch_are_asked_of_the_bedside_together(self, window) -> None:
        window.show_screen(knowing(waves__filter="monitor", waves__mains_hz=50), 0)
        panel = open_panel(window, "waves")
        assert (panel.band.value, panel.notch.value) == ("0.5–40 Hz", "50 Hz")
        click(panel.band.buttons["1–20 Hz"])
        click(panel.notch.buttons["60 Hz"])
        assert window.heard == [SetEcgFilter("filtered", 50, NURSE), SetEcgFilter("monitor", 60, NURSE)]

    def test_a_band_the_wave_cannot_carry_is_not_offered(self, window) -> None:
        panel = open_panel(window, "waves")
        assert not panel.band.buttons["0.05–150 Hz"].isEnabled()
        window.show_screen(knowing(waves__diagnostic=True), 0)
        assert panel.band.buttons["0.05–150 Hz"].isEnabled()


class TestProposedGrade:
    def test_the_readings_make_one_grade_stand_out_and_the_nurse_decides(self, window) -> None:
        window.show_screen(knowing(event__Hypertension=3), 0)
        panel = open_panel(window, "event")
        press(panel, "Hypertension")
        grades = {
            b.text()[0]: b for b in panel.findChildren(type(panel.close_button)) if b.text()[1:2] == " "
        }
        assert {n: b.property("role") for n, b in grades.items() if b.property("role") == "primary"} == {
            "3": "primary"
        }
        assert "bright one" in panel.hint.text()
        click(grades["2"])
        assert window.heard[0].fields == {"term": "Hypertension", "grade": 2}

    def test_without_readings_nothing_stands_out(self, window) -> None:
        panel = open_panel(window, "event")
        press(panel, "Nausea")
        assert "bright one" not in panel.hint.text()


class TestEmergencyClock:
    SIZES = ((1920, 1080), (1366, 768))

    @pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
    def test_it_stands_in_place_of_the_steps_as_large_as_the_row_allows(self, open_window, size) -> None:
        screen = sample_screens.quiet()
        header = replace(screen.header, big_clock="1:02:34", big_title="EMERGENCY", big_note="since 14:31")
        window = open_window(size, replace(screen, header=header))
        window.grab()
        placed = {p.text: p.rect for p in window.header.placed}
        assert {"1:02:34", "EMERGENCY", "since 14:31"} <= set(placed)
        assert "Recovery" not in placed
        cap_px = placed["1:02:34"].height()
        assert cap_px >= 0.6 * window.header.height()
        assert cap_px >= 11 * window.look.metrics.px_per_mm * 0.985
        others = [rect for text, rect in placed.items() if text != "1:02:34"]
        assert not any(placed["1:02:34"].intersects(rect) for rect in others)

    def test_touching_it_opens_what_ends_the_emergency(self, open_window) -> None:
        screen = sample_screens.quiet()
        header = replace(screen.header, big_clock="2:34", big_title="EMERGENCY", big_note="since 14:31")
        window = open_window(screen=replace(screen, header=header))
        window.grab()
        clock = next(p.rect for p in window.header.placed if p.text == "2:34")
        QTest.mouseClick(window.header, Qt.MouseButton.LeftButton, pos=clock.center().toPoint())
        assert window.panels.key == "phase"


class TestHold:
    HELD = replace(
        sample_screens.SPO2, freshness=Freshness.HOLD, foot="HOLD 0:42 · cuff inflates on this limb"
    )

    @pytest.mark.parametrize("size", TestEmergencyClock.SIZES, ids=lambda size: f"{size[0]}")
    def test_its_words_stand_beside_the_number(self, open_window, size) -> None:
        screen = sample_screens.quiet()
        tiles = tuple(self.HELD if t.key == "SPO2" else t for t in screen.tiles)
        window = open_window(size, replace(screen, tiles=tiles))
        window.grab()
        tile: Tile = window.tiles.tiles["SPO2"]
        words = {p.text: p.rect for p in tile.placed}
        assert {"HOLD 0:42", "cuff inflates on this limb"} <= set(words)
        number = words["96"]
        assert not any(number.intersects(rect) for text, rect in words.items() if text != "96")

    def test_only_tiles_without_room_below_their_number(self) -> None:
        assert foot_beside(sample_screens.NIBP) == sample_screens.NIBP
        assert foot_beside(self.HELD).foot == ""
