import pytest

from devices.protocols.nellcor.records import Limits, Number
from devices.protocols.nellcor.trust import LineTrust, Witness, pr_limits, spo2_limits, witness

NONE, FOR, AGAINST = Witness.NONE, Witness.FOR, Witness.AGAINST


@pytest.mark.parametrize(
    ("steps", "believed"),
    [
        ([(98, NONE), (97, NONE), (94, NONE), (88, NONE)], [True] * 4),
        (
            [(98, NONE), (99, NONE), (98, NONE)],
            [True] * 3,
        ),  # one bit, but no more than the device's own error
        ([(98, NONE), (90, NONE), (98, NONE)], [True, False, True]),  # 8 and 0 differ in one bit
        ([(98, NONE), (90, NONE), (91, NONE)], [True, False, True]),
        ([(98, NONE), (88, NONE), (80, NONE), (81, NONE)], [True, False, True, True]),
        ([(98, NONE), (90, FOR)], [True, True]),  # the line says so itself
        ([(98, NONE), (90, NONE), (None, NONE), (90, NONE)], [True, False, True, False]),
        ([(98, AGAINST), (98, AGAINST), (98, AGAINST)], [False, True, True]),
        ([(98, NONE), (94, AGAINST), (94, AGAINST)], [True, False, True]),
        ([(72, NONE), (130, NONE), (131, NONE)], [True, False, True]),  # a jump of more than 20 %
        ([(72, NONE), (130, FOR), (131, FOR)], [True, False, True]),
        ([(72, NONE), (62, NONE), (71, NONE)], [True, False, True]),
        ([(0, NONE), (98, NONE), (98, NONE)], [True, False, True]),
        ([(99, NONE), (100, NONE), (99, NONE)], [True] * 3),
        ([(None, NONE), (50, NONE)], [True, True]),
    ],
)
def test_what_is_believed_and_when(steps, believed):
    trust = LineTrust()
    assert [trust.accept("X", value, said) for value, said in steps] == believed


def test_columns_do_not_mix():
    trust = LineTrust()
    trust.accept("SPO2", 98)
    trust.accept("PR", 72)
    assert not trust.accept("SPO2", 90)
    assert not trust.accept("PR", 76)
    assert trust.accept("SPO2", 90)
    assert trust.accept("PR", 76)


def test_lines_on_both_sides_of_damage_do_not_agree():
    trust = LineTrust()
    trust.accept("PR", 72)
    for value in (62, 130):
        assert not trust.accept("PR", value)
        trust.interrupt()
        assert not trust.accept("PR", value)
        trust.interrupt()


@pytest.mark.parametrize(
    ("number", "codes", "expected"),
    [
        (Number(98), "", NONE),
        (Number(84, out=True), "SL", FOR),
        (Number(84, out=True), "", NONE),
        (Number(84), "", AGAINST),
        (Number(84), "SL", AGAINST),
        (Number(98, out=True), "SH", AGAINST),
        (Number(85), "", NONE),
        (Number(100), "", NONE),
        (Number(None), "", NONE),
        (Number(None, out=True), "SL", NONE),
    ],
)
def test_what_a_line_says_of_its_number(number, codes, expected):
    said = frozenset([codes] if codes else [])
    assert witness(number, (85, 100), said) is expected
    if expected is AGAINST:
        assert witness(number, None, said) in (NONE, FOR)  # without limits there is nothing to contradict


def test_limits_of_each_column():
    limits = Limits(85, 100, 40, 170)
    assert (spo2_limits(limits), pr_limits(limits)) == ((85, 100), (40, 170))
    assert spo2_limits(None) is pr_limits(None) is None
