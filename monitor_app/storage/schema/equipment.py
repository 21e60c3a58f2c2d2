"""Tables of what devices and the program did: cuff, alarms, sound, limits, links, gaps, system."""

from devices.signals import LinkState, NibpFailure, Provenance
from monitor_app.core.journal import (
    AlarmEntry,
    DeviceEntry,
    GapEntry,
    LimitEntry,
    LinkEntry,
    NibpEntry,
    NibpStarted,
    SoundEntry,
    SystemEntry,
)
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.storage.schema.entry_table import EntryTable
from monitor_app.storage.schema.fields import actor, choice, flag, integer, mapping, real, text

DEVICE = EntryTable(
    "device",
    DeviceEntry,
    text("source"),
    text("driver_id"),
    text("description"),
    choice("provenance", Provenance),
    text("identity"),
)

GAP = EntryTable("gap", GapEntry, text("source"), text("channel"), integer("duration_ns"), text("reason"))

NIBP_STARTED = EntryTable("nibp_started", NibpStarted, text("source"), text("trigger"))

NIBP = EntryTable(
    "nibp",
    NibpEntry,
    text("nibp_id"),
    text("source"),
    text("trigger"),
    integer("started_t_ns", optional=True),
    real("systolic_mmhg", optional=True),
    real("diastolic_mmhg", optional=True),
    real("mean_mmhg", optional=True),
    flag("mean_calculated"),
    real("pulse_per_min", optional=True),
    choice("failure", NibpFailure, optional=True),
    text("rejected"),
    text("limb"),
)

ALARM = EntryTable(
    "alarm",
    AlarmEntry,
    text("occurrence_id"),
    text("rule"),
    choice("alarm_class", AlarmClass),
    choice("priority", Priority),
    text("from_state"),
    text("to_state"),
    choice("phase", Phase),
    real("value", optional=True),
    real("limit", optional=True),
    text("text"),
    text("suppressed"),
    text("note"),
    actor("by", optional=True),
)

SOUND = EntryTable(
    "sound",
    SoundEntry,
    text("state"),
    actor("by"),
    integer("until_t_ns", optional=True),
    text("reason"),
)

LIMIT = EntryTable(
    "alarm_limit",  # LIMIT is a word of SQL
    LimitEntry,
    text("rule"),
    text("parameter"),
    real("value"),
    actor("by"),
    text("reason"),
)

LINK = EntryTable(
    "link",
    LinkEntry,
    text("source"),
    choice("state", LinkState),
    text("detail"),
    integer("frames_ok"),
    integer("frames_bad"),
    integer("bytes_discarded"),
)

SYSTEM_EVENT = EntryTable("system_event", SystemEntry, text("code"), text("text"), mapping("fields"))

EQUIPMENT_TABLES = (DEVICE, GAP, NIBP_STARTED, NIBP, ALARM, SOUND, LIMIT, LINK, SYSTEM_EVENT)
