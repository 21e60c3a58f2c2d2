"""Polygons whose points are numpy columns; short ones are kept, since making one anew costs more than drawing it."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QPolygonF
from shiboken6 import Shiboken, VoidPtr

KEPT_POINTS = 256
"""Polygons up to this length are kept for the next frame; longer ones belong to whole drawings, which are rare."""
