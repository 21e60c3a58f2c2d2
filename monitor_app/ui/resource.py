"""Where data files are: beside the modules of an installed wheel, or in the checkout (models.md §8.1)."""

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def resource_path(*parts: str) -> Path:
    """Return the path of a resource; raises ``FileNotFoundError`` naming it where no copy of the program has it."""
    frozen = getattr(sys, "_MEIPASS", None)
    roots = [Path(str(frozen)) / "resources"] if frozen else []
    roots += [_PACKAGE / "_resources", _PACKAGE.parent / "resources"]
    for root in roots:
        candidate = root.joinpath(*parts)
        if candidate.exists():
            return candidate
    raise FileNotFoundError("/".join(parts))
