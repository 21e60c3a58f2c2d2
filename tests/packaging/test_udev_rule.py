"""The udev rule covers every adapter the program knows by name, and nothing else."""

import re
from pathlib import Path

from devices.transport.ports import _BRIDGES

RULE = Path(__file__).parents[2] / "packaging" / "linux" / "70-chairside.rules"


def test_the_rule_names_the_known_adapters():
    pairs = re.findall(r'idVendor}=="(\w{4})", ATTRS{idProduct}=="(\w{4})"', RULE.read_text(encoding="utf-8"))
    assert {(int(vendor, 16), int(product, 16)) for vendor, product in pairs} == set(_BRIDGES)


def test_its_number_comes_before_the_one_that_grants_access():
    assert int(RULE.name[:2]) < 73
