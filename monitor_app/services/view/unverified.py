"""What the screen says of a real monitor that is not commissioned (decision 0016)."""

from monitor_app.core.commissioning import Standing, Uncommissioned

UNVERIFIED = "values are not verified"


def unverified_words(lacking: Uncommissioned) -> str:
    """Return the banner's sentence."""
    if lacking.standing is Standing.EXPIRED:
        return (
            f"{lacking.driver_name}: the commissioning of this monitor model ended on {lacking.valid_until}: "
            f"{UNVERIFIED}."
        )
    if lacking.standing is Standing.FAILED:
        return f"{lacking.driver_name}: this monitor model did not pass its commissioning: {UNVERIFIED}."
    return f"{lacking.driver_name}: this monitor model is not commissioned: {UNVERIFIED}."
