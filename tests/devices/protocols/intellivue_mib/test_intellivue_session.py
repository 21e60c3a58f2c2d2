from itertools import pairwise

import pytest

from devices.clock import NS_PER_S
from devices.protocols.intellivue_mib.decoder import Heard
from devices.protocols.intellivue_mib.nomenclature import ObjectClass
from devices.protocols.intellivue_mib.requests import class_of_invoke
from devices.protocols.intellivue_mib.session import HostSession
from tests.devices.protocols.intellivue_mib import printed
from tests.devices.protocols.intellivue_mib.wire_reader import payloads

STEP_NS = NS_PER_S // 20
NAMES = {
    b"\x0d": "request",
    b"\x09": "release",
    bytes.fromhex("E100000200020014"): "life tick",
}
KINDS = {0x0006: "numerics", 0x0009: "waves", 0x0036: "alarms", 0x0021: "MDS"}


def name(payload):
    for beginning, what in NAMES.items():
        if payload.startswith(beginning):
            return what
    command = int.from_bytes(payload[10:12], "big")
    return "priorities" if command == 5 else KINDS[int.from_bytes(payload[32:34], "big")]


def sent(session, start_s, end_s, answered=()):
    """What is sent and when, with these classes answered all along."""
    found = []
    for k in range(round(start_s * 20), round(end_s * 20)):
        for kind in answered:
            session.heard(Heard.POLLED, kind, k * STEP_NS)
        found += [(k / 20, name(payload)) for payload in payloads(session.due(k * STEP_NS))]
    return found


def begun():
    session = HostSession(0)
    session.open()
    session.heard(Heard.ACCEPTED, 8000, NS_PER_S)
    session.heard(Heard.MDS_CREATED, 1, NS_PER_S)
    return session


POLLED = (0x0006, 0x0009, 0x0036)


def test_opens_with_the_printed_request():
    assert HostSession(0).open() == printed.ASSOCIATION_REQUEST
    assert HostSession(0, was_open=True).open() == printed.RELEASE + printed.ASSOCIATION_REQUEST
    assert HostSession(0).close() == printed.RELEASE


def test_asks_again_until_answered():
    session = HostSession(0)
    session.open()
    assert sent(session, 0.05, 10.0) == [(3.0, "request"), (6.0, "request"), (9.0, "request")]


def test_greets_sets_priorities_and_polls_never_faster_than_the_monitor_takes():
    session = begun()
    assert session.active
    found = sent(session, 1.0, 2.0, POLLED)
    assert [what for _, what in found] == ["life tick", "priorities", "numerics", "waves", "alarms", "MDS"]
    times = [at_s for at_s, _ in found]
    assert all(sum(0 <= t - start < 0.128 for t in times) <= 4 for start in times)
    session = begun()
    assert session.due(NS_PER_S) == printed.MDS_CREATE_RESULT
    assert session.due(NS_PER_S + 1) == b""
    session.due(2 * NS_PER_S)
    assert session.due(3 * NS_PER_S) == printed.POLL_NUMERICS
    assert session.due(4 * NS_PER_S) == printed.POLL_WAVES


def test_life_tick_every_four_seconds():
    session = begun()
    sent(session, 1.0, 2.0, POLLED)
    found = sent(session, 2.0, 60.0, POLLED)
    assert {what for _, what in found} == {"life tick"}
    assert all(b - a <= 4.0 for (a, _), (b, _) in pairwise(found))


def test_polls_are_renewed_long_before_they_end():
    session = begun()
    sent(session, 1.0, 2.0, POLLED)
    found = [
        (round(at_s), what)
        for at_s, what in sent(session, 2.0, 700.0, POLLED)
        if what not in ("life tick", "MDS")
    ]
    assert found == [(t, what) for t in (301, 601) for what in ("numerics", "waves", "alarms")]
    assert len([what for _, what in sent(begun(), 1.0, 130.0, POLLED) if what == "MDS"]) == 3


def test_silent_class_is_asked_again():
    session = begun()
    sent(session, 1.0, 2.0, POLLED)
    assert [
        (round(t), what) for t, what in sent(session, 2.0, 9.0, (0x0006, 0x0036)) if what != "life tick"
    ] == [(7, "waves")]


def test_answers_that_end_for_all_classes_begin_a_new_session():
    session = begun()
    sent(session, 1.0, 2.0, POLLED)
    found = [(round(t), what) for t, what in sent(session, 2.0, 12.0) if what in ("release", "request")]
    assert found == [(8, "release"), (8, "request"), (11, "request")]


def test_refused_class_is_not_asked_again():
    session = begun()
    sent(session, 1.0, 2.0, POLLED)
    session.heard(Heard.ERROR, 4, 2 * NS_PER_S)
    assert "waves" not in {what for _, what in sent(session, 2.0, 320.0, (0x0006, 0x0036))}


def test_refusal_releases_and_waits():
    session = HostSession(0)
    session.open()
    session.heard(Heard.REFUSED, 0, NS_PER_S)
    assert sent(session, 1.0, 8.0) == [(1.0, "release"), (6.0, "request")]


@pytest.mark.parametrize("active", [True, False])
def test_abort_begins_anew(active):
    session = begun() if active else HostSession(0)
    session.heard(Heard.ABORTED, 0, 2 * NS_PER_S)
    assert not session.active
    assert sent(session, 2.0, 5.9) == [(3.0, "request")]


def test_accept_without_mds_event_is_given_up():
    session = HostSession(0)
    session.open()
    session.heard(Heard.ACCEPTED, 8000, NS_PER_S)
    assert sent(session, 1.0, 8.0) == [(6.0, "release"), (7.0, "request")]


def test_repeated_mds_event_is_answered_without_new_polls():
    session = begun()
    sent(session, 1.0, 2.0, POLLED)
    session.heard(Heard.MDS_CREATED, 1, 2 * NS_PER_S)
    assert sent(session, 2.0, 3.0, POLLED) == [(2.0, "life tick")]


def test_invoke_ids_name_their_class():
    assert [class_of_invoke(n) for n in (0, 1, 4, 6, 8)] == [
        None,
        *(ObjectClass(k) for k in (6, 9, 0x36, 0x21)),
    ]
