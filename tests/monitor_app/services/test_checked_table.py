"""Tables of a clinic's own files: what is taken, and what is said of a mistake."""

import math
import tomllib
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monitor_app.services.checked_table import (
    TableError,
    checked,
    flag,
    list_of,
    number,
    one_of,
    table_of,
    text,
    whole,
)

KINDS = {
    "name": text(1, 4),
    "colour": one_of("red", "green"),
    "size": number(2, 16),
    "count": whole(1, 4),
    "on": flag,
    "words": list_of(text()),
    "parts": list_of(table_of({"a": text(), "b": whole(0, 9)}, needed=("a",))),
}


class Peer(BaseModel):
    """The same table as another program reads it, strictly; whole numbers stand for others there too."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(default="x", min_length=1, max_length=4)
    colour: Literal["red", "green"] = "red"
    size: float = Field(default=3, ge=2, le=16)
    count: int = Field(default=1, ge=1, le=4)
    on: bool = False
    words: list[str] = []


def read(toml: str, *, needed: tuple[str, ...] = ()) -> dict[str, object]:
    return checked(tomllib.loads(toml), KINDS, needed=needed)


def test_what_is_said_comes_back_and_nothing_else():
    assert read("") == {}
    assert read('name = "abc"\nsize = 3\ncount = 4\non = true\nwords = ["a", "b"]') == {
        "name": "abc",
        "size": 3.0,
        "count": 4,
        "on": True,
        "words": ("a", "b"),
    }
    assert read('[[parts]]\na = "x"\n[[parts]]\na = "y"\nb = 2') == {
        "parts": ({"a": "x"}, {"a": "y", "b": 2})
    }


def test_a_whole_number_written_with_a_point_is_one():
    found = read("count = 3.0\nsize = 4")
    assert (found["count"], type(found["count"])) == (3, int)
    assert (found["size"], type(found["size"])) == (4.0, float)


@pytest.mark.parametrize(
    ("toml", "key", "words"),
    [
        ('name = ""', "name", "1 to 4 characters"),
        ('name = "abcde"', "name", "1 to 4 characters"),
        ("name = 3", "name", "text in quotes"),
        ('colour = "blue"', "colour", "red, green"),
        ("colour = 1", "colour", "red, green"),
        ('colour = ["red"]', "colour", "red, green"),
        ("size = 1.9", "size", "number from 2 to 16"),
        ("size = nan", "size", "number from 2 to 16"),
        ("size = inf", "size", "number from 2 to 16"),
        ("size = true", "size", "number from 2 to 16"),
        ('size = "3"', "size", "number from 2 to 16"),
        ("count = 5", "count", "whole number from 1 to 4"),
        ("count = 2.5", "count", "whole number from 1 to 4"),
        ("count = nan", "count", "whole number from 1 to 4"),
        ("count = true", "count", "whole number from 1 to 4"),
        ("on = 1", "on", "true or false"),
        ('words = "a"', "words", "list in brackets"),
        ('words = ["a", 2]', "words.1", "text in quotes"),
        ("parts = [3]", "parts.0", "must be a table"),
        ("[[parts]]\nb = 1", "parts.0.a", "is missing"),
        ('[[parts]]\na = "x"\n[[parts]]\na = "y"\nb = 10', "parts.1.b", "whole number from 0 to 9"),
        ('[[parts]]\na = "x"\nc = 1', "parts.0.c", "there are a, b"),
        ("shape = 1", "shape", "is not known here; there are name, colour"),
    ],
)
def test_what_is_said_of_a_mistake(toml, key, words):
    with pytest.raises(TableError) as caught:
        read(toml)
    assert caught.value.key == key
    assert words in caught.value.words
    assert str(caught.value) == f"{key}: {caught.value.words}"


def test_what_is_needed_is_missed_by_name():
    with pytest.raises(TableError, match="colour: is missing"):
        read('name = "a"', needed=("colour",))


def test_a_value_where_a_table_should_be():
    with pytest.raises(TableError, match="must be a table"):
        checked("text", KINDS)


VALUES = st.one_of(
    st.booleans(),
    st.integers(-3, 20),
    st.floats(-1, 20),
    st.just(math.nan),
    st.text(max_size=6),
    st.sampled_from(["red", "green"]),
    st.lists(st.one_of(st.text(max_size=2), st.integers()), max_size=3),
)


@given(st.dictionaries(st.sampled_from([*Peer.model_fields, "other"]), VALUES, max_size=4))
def test_it_takes_what_another_strict_reader_takes(table):
    """The one difference is wanted: 3.0 is a whole number here."""
    if isinstance(table.get("count"), float):
        table["count"] = 2
    try:
        wanted = Peer.model_validate(table).model_dump(include=set(table))
    except ValidationError:
        wanted = None
    try:
        found = checked(table, KINDS)
    except TableError:
        found = None
    if found is not None and "words" in found:
        found["words"] = list(found["words"])
    assert found == wanted
