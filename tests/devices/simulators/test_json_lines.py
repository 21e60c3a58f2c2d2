import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.simulators.json_lines import line_of

TEXT = """{
  "id": "S\\"1\\"",
  "patient": {
    "age": 58, "baseline": {"hr": 74,
      "sbp": 132}
  },
  "steps": [
    {"at": "a"}, {"at":
       "b"},
    []
  ], "none": null
}
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("id",), 2),
        (("patient",), 3),
        (("patient", "baseline", "hr"), 4),
        (("patient", "baseline", "sbp"), 5),
        (("patient", "weight"), 3),
        (("steps", 0, "at"), 8),
        (("steps", 1, "at"), 8),
        (("steps", 2), 10),
        (("steps", 7, "at"), 7),
        (("none",), 11),
    ],
)
def test_line(path: tuple[str | int, ...], line: int) -> None:
    assert line_of(TEXT, path) == line


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(JSON)
def test_any_json_can_be_walked(value: object) -> None:
    assert line_of(json.dumps(value, indent=1), ()) == 1
