"""The stylesheet of the plain widgets (panels, buttons, fields), made from the tokens."""

from monitor_app.core.priority import Priority
from monitor_app.ui.look import Look
from monitor_app.ui.style import BODY, BUTTON_RADIUS, CAPTION, CLOCK, DETAIL, SMALL


def style_sheet(look: Look) -> str:
    """Return the stylesheet for panels in this look."""
    return _base(look) + _buttons(look) + _fields(look) + _cards(look)


def _base(look: Look) -> str:
    p, m = look.palette, look.metrics
    return f"""
    QWidget {{ color: {p.text}; font-family: "{look.family}"; font-size: {m.font_px(BODY)}px; font-weight: 500; }}
    #panel {{ background: {p.panel}; border-top: 1px solid {p.dim}; }}
    #feed, #page {{ background: transparent; }}
    QLabel {{ background: transparent; }}
    QLabel[role="title"] {{ font-size: {m.font_px(BODY if m.compact else CLOCK)}px; font-weight: 700; }}
    QLabel[role="strong"] {{ font-weight: 700; }}
    QLabel[role="question"] {{ font-size: {m.font_px(DETAIL if m.compact else CLOCK)}px; font-weight: 700; }}
    QLabel[role="row_open"] {{ font-size: {m.font_px(SMALL)}px; font-weight: 600; }}
    QLabel[role="muted_row"] {{ font-size: {m.font_px(SMALL)}px; color: {p.muted}; }}
    QLabel[role="figure"] {{ font-size: {m.font_px(CLOCK)}px; font-weight: 600; }}
    QLabel[role="muted"] {{ color: {p.muted}; font-size: {m.font_px(CAPTION if m.compact else SMALL)}px; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ width: {m.px(14)}px; background: {p.panel}; }}
    QScrollBar::handle:vertical {{ background: {p.dim}; border-radius: 6px; min-height: {m.px(40)}px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
    QToolTip {{ background: {p.raised}; color: {p.text}; border: 1px solid {p.dim}; }}
    """


def _buttons(look: Look) -> str:
    p, m = look.palette, look.metrics
    radius = m.px(BUTTON_RADIUS)
    return f"""
    QPushButton {{ background: {p.raised}; border: 1px solid {p.hairline}; border-radius: {radius}px;
        min-height: {m.button_px - 2}px; min-width: {m.button_px - 2 * m.px(12) - 2}px; padding: 0 {m.px(12)}px;
        font-size: {m.font_px(BODY)}px; font-weight: 700; }}
    QPushButton:focus {{ border: 2px solid {p.text}; }}
    QPushButton:pressed {{ background: {p.dim}; }}
    QPushButton[role="primary"] {{ background: {p.text}; color: {p.background}; }}
    QPushButton:checked {{ background: {p.dim}; border: 2px solid {p.text}; }}
    QPushButton[role="quiet"] {{ background: transparent; border: 1px solid {p.dim}; }}
    QPushButton[role="danger"] {{ background: transparent; border: 2px solid {p.danger}; color: {p.danger}; }}
    QPushButton[role="high"] {{ background: {p.high}; color: {p.on_alarm}; }}
    QPushButton[role="medium"] {{ background: {p.medium}; color: {p.on_alarm}; }}
    QPushButton[role="low"] {{ background: {p.low}; color: {p.on_alarm}; }}
    QPushButton[role="row"] {{ text-align: left; background: transparent; border: none; font-weight: 500;
        min-height: {m.button_px}px; }}
    QPushButton[role="row"]:checked {{ background: {p.raised}; color: {p.text}; }}
    QPushButton[role="step"] {{ min-width: {m.button_px - 2 * m.px(4) - 2}px; padding: 0 {m.px(4)}px; }}
    QPushButton:disabled {{ color: {p.muted}; background: {p.panel}; border: 1px solid {p.hairline}; }}
    """


def _fields(look: Look) -> str:
    p, m = look.palette, look.metrics
    return f"""
    QLineEdit {{ background: {p.background}; border: 1px solid {p.dim}; border-radius: {m.px(BUTTON_RADIUS)}px;
        min-height: {m.button_px - 4}px; padding: 0 {m.px(12)}px; font-size: {m.font_px(DETAIL)}px;
        selection-background-color: {p.dim}; }}
    QLineEdit:focus {{ border: 2px solid {p.text}; }}
    """


def _cards(look: Look) -> str:
    """An alarm's card: its priority's colour at the left edge and in its first words (clinical.md §5.2)."""
    p, m = look.palette, look.metrics
    sheet = f"""
    QPushButton[role="card_key"] {{ background: {p.raised}; border: 1px solid {p.dim}; padding: 0 {m.px(8)}px;
        font-size: {m.font_px(SMALL)}px; }}
    """
    for priority in Priority:
        role = f"card_{priority.value.lower()}"
        sheet += f"""
    QFrame[role="{role}"] {{ border: 1px solid {p.dim}; border-left: {m.px(8)}px solid {p.fill(priority)}; }}
    QLabel[role="{role}"] {{ border: none; color: {p.ink(priority)}; font-weight: 700; }}
    """
    return sheet + f'QFrame[role="card_info"] {{ border-left: 1px solid {p.dim}; }}'
