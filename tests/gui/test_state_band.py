"""The states of the alarm system in their place: words, icon, time; nothing of them is pushed off the screen."""

from dataclasses import replace

import pytest
import sample_screens as samples
import sample_states as states
from layout_eye import assert_picture, assert_texts_fit
from panel_hands import click
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest

from monitor_app.services.states_view import StateMark
from monitor_app.ui.alarm_bar import AlarmBar
from monitor_app.ui.fonts import load_fonts
from monitor_app.ui.icons import draw_bell, draw_state
from monitor_app.ui.look import Look
from monitor_app.ui.metrics import REFERENCE_PX_PER_MM, Metrics
from monitor_app.ui.state_band import StateBand
from monitor_app.ui.style import DARK

SIZES = [(1920, 1080), (1366, 768)]
both_sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")


@pytest.fixture
def band(qtbot):
    load_fonts()
    made = StateBand()
    qtbot.addWidget(made)
    made.set_look(Look(metrics=Metrics(1920, 1080, REFERENCE_PX_PER_MM)))
    made.resize(1904, 36)
    return made


def written(widget) -> list[str]:
    widget.grab()
    return [placed.text for placed in widget.placed]


def icon(name: str, draw=draw_state) -> QImage:
    image = QImage(48, 48, QImage.Format.Format_RGB32)
    image.fill(QColor(DARK.background))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter, QRectF(0, 0, 48, 48), QColor(DARK.text), state=name)
    painter.end()
    return image


class TestIcons:
    def test_every_state_has_its_own(self) -> None:
        names = ["AUDIO OFF", "ALARM PAUSED", "ALARM OFF", "SENSORS OFF", "STANDBY"]
        drawn = [icon(name) for name in names]
        assert all(drawn[a] != drawn[b] for a in range(len(drawn)) for b in range(a))
        empty = QImage(48, 48, QImage.Format.Format_RGB32)
        empty.fill(QColor(DARK.background))
        assert empty not in drawn

    def test_audio_off_is_a_bell_with_a_cross_and_paused_has_it_dashed(self) -> None:
        assert icon("AUDIO OFF") == icon("off", draw_bell)
        assert icon("paused", draw_bell) not in (icon("off", draw_bell), icon("on", draw_bell))

    def test_the_cross_of_an_alarm_pause_is_dashed(self) -> None:
        paused, off = icon("ALARM PAUSED"), icon("ALARM OFF")
        corner = [(n, n) for n in range(6, 14)]
        gaps = [at for at in corner if paused.pixelColor(*at) != off.pixelColor(*at)]
        assert gaps


class TestBand:
    def test_it_is_not_there_without_a_state(self, band) -> None:
        assert band.isHidden()
        assert band.show_marks((states.PAUSED,))
        assert not band.isHidden()
        assert band.show_marks(())
        assert band.isHidden()

    def test_words_and_time(self, band) -> None:
        band.show_marks((states.SENSORS_OFF,))
        assert written(band) == ["Sensors off", "4:12", "toilet · with the patient: Ann Lee"]
        assert band.accessibleDescription() == "Sensors off · 4:12 · toilet · with the patient: Ann Lee"

    def test_a_countdown_alone_does_not_make_it_come_and_go(self, band) -> None:
        band.show_marks((states.PAUSED,))
        assert not band.show_marks((replace(states.PAUSED, countdown_text="1:41"),))
        assert "1:41" in written(band)

    def test_sound_off_stands_on_a_bright_ground(self, band) -> None:
        self.assert_bright(band, states.SOUND_OFF)

    def test_so_does_a_pause_of_the_alarms(self, band) -> None:
        self.assert_bright(band, states.PAUSED)

    def assert_bright(self, band, mark: StateMark) -> None:
        band.show_marks((mark, states.RULE_OFF))
        image = band.grab().toImage()
        title = next(placed.rect for placed in band.placed if placed.text == mark.title)
        other = next(placed.rect for placed in band.placed if placed.text.startswith("Alarm off"))
        assert image.pixelColor(int(title.right()) + 3, 10).name().upper() == DARK.text
        assert image.pixelColor(int(other.right()) + 3, 10).name().upper() == DARK.raised

    @pytest.mark.parametrize("width", [1904, 1350, 1084])
    def test_titles_and_times_never_give_way(self, band, width) -> None:
        band.resize(width, 36)
        band.show_marks((states.SOUND_OFF, states.SENSORS_OFF, states.RULE_OFF))
        texts = written(band)
        assert {"Alarm sound off", "Sensors off", "4:12", "Alarm off: Tachycardia"} <= set(texts)
        assert_texts_fit(band)

    def test_no_alarm_colour_is_in_it(self, band) -> None:
        band.show_marks((states.SOUND_OFF, states.PAUSED, states.SENSORS_OFF, states.RULE_OFF))
        image = band.grab().toImage()
        seen = {image.pixelColor(x, y).name().upper() for x in range(0, 1904, 2) for y in range(36)}
        assert not seen & {DARK.high, DARK.medium, DARK.low}


class TestAlarmBar:
    @pytest.fixture
    def bar(self, qtbot):
        load_fonts()
        made = AlarmBar()
        qtbot.addWidget(made)
        made.set_look(Look())
        made.resize(1904, 60)
        made.resized.connect(lambda: made.resize(1904, made.sizeHint().height()))
        return made

    def test_it_grows_by_the_band_and_shrinks_again(self, bar) -> None:
        bar.show_view(samples.BAR, 0)
        assert bar.height() == 60
        bar.show_view(states.sound_off().alarm_bar, 0)
        bar.grab()
        assert bar.height() == 60 + bar.band.height() == 96
        assert bar.band.geometry().top() == 60
        bar.show_view(samples.BAR, 0)
        assert bar.height() == 60

    def test_alarms_keep_their_own_room_above_it(self, bar) -> None:
        bar.show_view(states.everything().alarm_bar, 0)
        assert bar.grab().toImage().pixelColor(3, 58).name().upper() == DARK.high
        assert all(placed.rect.bottom() <= 60 for placed in bar.placed)

    def test_standby_has_its_icon_before_the_words(self, bar) -> None:
        bar.show_view(samples.BAR, 0)
        bar.grab()
        plain = next(p.rect.left() for p in bar.placed if p.text == "No alarms")
        bar.show_view(states.standby().alarm_bar, 0)
        bar.grab()
        words = next(p.rect.left() for p in bar.placed if p.text == "Standby · no patient monitored")
        assert words > plain + 20

    def test_the_bell_opens_the_sound_the_rest_the_alarms(self, bar, qtbot) -> None:
        bar.show_view(samples.BAR, 0)
        bar.grab()
        place = next(p.rect.center().toPoint() for p in bar.placed if p.text == "Sound on")
        with qtbot.waitSignal(bar.sound_pressed), qtbot.assertNotEmitted(bar.pressed):
            QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)
        with qtbot.waitSignal(bar.pressed), qtbot.assertNotEmitted(bar.sound_pressed):
            QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(60, 30))


class TestWindow:
    @both_sizes
    @pytest.mark.parametrize("name", states.ALL)
    def test_every_state_is_drawn_whole(self, open_window, tmp_path, size, name) -> None:
        window = open_window(size, states.ALL[name]())
        assert_picture(window)
        assert window.grab().toImage().save(str(tmp_path / f"{name}-{size[0]}.png"))

    @both_sizes
    def test_the_rows_below_make_room(self, open_window, size) -> None:
        window = open_window(size)
        header, trend = window.header.geometry(), window.rows.trend
        window.show_screen(states.alarms_paused(), 0)
        assert window.header.geometry().top() == header.top() + window.alarm_bar.band.height()
        assert window.rows.trend == trend
        window.show_screen(samples.quiet(), 0)
        assert window.header.geometry() == header

    def test_the_band_opens_what_can_be_changed(self, open_window) -> None:
        window = open_window(screen=states.sensors_off())
        click(window.alarm_bar.band)
        assert window.panels.key == "sound"

    def test_alarms_and_states_are_reached_and_opened_by_keyboard(self, open_window) -> None:
        window = open_window(screen=states.sensors_off())
        window.alarm_bar.setFocus(Qt.FocusReason.TabFocusReason)
        focused = window.grab().toImage()
        QTest.keyClick(window.alarm_bar, Qt.Key.Key_Return)
        assert window.panels.key == "alarms"
        window.panels.close_panel()
        window.alarm_bar.band.setFocus(Qt.FocusReason.TabFocusReason)
        assert window.grab().toImage() != focused  # it is seen where the keyboard is
        QTest.keyClick(window.alarm_bar.band, Qt.Key.Key_Space)
        assert window.panels.key == ""
        QTest.keyClick(window.alarm_bar.band, Qt.Key.Key_Return)
        assert window.panels.key == "sound"

    def test_two_states_of_one_kind_are_told_apart_by_their_words(self, open_window) -> None:
        many = StateMark("ALARM OFF", "2 alarms off", "Tachycardia · Bradycardia")
        bar = replace(samples.BAR, states=(many,))
        window = open_window(screen=replace(samples.quiet(), alarm_bar=bar))
        assert "Tachycardia · Bradycardia" in written(window.alarm_bar.band)

    def test_while_the_sound_is_off_its_button_leads_to_the_panel(self, open_window) -> None:
        window = open_window(screen=states.sound_off())
        window.press("pause_sound")
        assert window.panels.key == "sound"
        assert window.heard == []
