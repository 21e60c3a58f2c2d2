"""What the nurse of the walked visit answers, and how each kind of question is answered."""

ANSWERS = {
    "allergies": "latex: rash",
    "escort": "Jo Berg, friend, 555 0100",
    "asa_class": "II",
    "today_antihypertensive": "none prescribed",
    "weight_measured": "today",
    "pregnancy": "not possible",
    "d8_dissociation": "none",
    "d10_nausea": "none, holds water",
    "d20_waste": "none left",
    "d22_release": "clinic protocol",
    "ae_review": "all recorded",
}
NO = {
    "contra_cardiovascular", "contra_liver", "contra_psychosis", "contra_delirium", "contra_substance",
    "history_cardiac", "history_airway", "history_sleep_apnoea", "today_stimulant", "today_maoi",
    "today_benzodiazepine", "today_opioid", "medication_change",
}  # fmt: skip
NUMBERS = {"weight_kg": "84", "d13_score": "10"}
LINES = {"pre_vas": 8.0, "post_vas": 3.0}


def answer(hands, key: str) -> None:
    """Answer the question that is asked, the way its kind is answered."""
    if key in ANSWERS:
        kind = hands.panel.answer._guard.kind
        if kind == "text":
            hands.type(hands.panel.answer._guard.text, ANSWERS[key])
            hands.press("Enter")
        else:
            hands.press(ANSWERS[key])
    elif key in NUMBERS:
        hands.digits(NUMBERS[key])
        hands.press("Enter")
    elif key in LINES:
        hands.line(LINES[key])
        hands.press("Enter")
    else:
        hands.press("No" if key in NO else "Yes")


def answer_all(hands, *, most: int = 40) -> list[str]:
    """Answer one question after the other as the panel offers them; return their keys."""
    asked = []
    while (key := hands.question()) and hands.panel.answer._guard.kind != "auto":
        assert len(asked) < most, f"asked again and again: {asked}"
        asked.append(key)
        answer(hands, key)
    return asked
