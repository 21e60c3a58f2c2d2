"""Where data files lie: in the frozen bundle, in the installed package, or in the checkout."""

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_path(*parts: str) -> Path:
    """Return the path of a file or folder under ``resources/``, wherever this program runs from."""
    bundle = getattr(sys, "_MEIPASS", None)
    places = [Path(bundle) / "resources"] if bundle else []
    places += [_PACKAGE / "_resources", _PACKAGE.parent / "resources"]
    root = next((place for place in places if place.is_dir()), places[-1])
    return root.joinpath(*parts)
