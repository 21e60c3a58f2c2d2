"""Tables of what people decided and did: phases, answers, orders, the infusion, care."""

from monitor_app.core.journal import (
    AnswerEntry,
    Baseline,
    BaselineEntry,
    CareEntry,
    InfusionEntry,
    Order,
    OrderEntry,
    PhaseEntry,
    RefusalEntry,
    SignatureEntry,
    VoidEntry,
)
from monitor_app.core.phase import Phase
from monitor_app.storage.schema.entry_table import EntryTable
from monitor_app.storage.schema.fields import (
    actor,
    choice,
    flag,
    mapping,
    nested,
    real,
    scalar,
    text,
    words,
)

PHASE = EntryTable(
    "phase",
    PhaseEntry,
    choice("from_phase", Phase),
    choice("to_phase", Phase),
    actor("by"),
    text("reason"),
    words("overrides"),
)

REFUSAL = EntryTable("refusal", RefusalEntry, text("action"), words("reasons"), actor("by"))

ANSWER = EntryTable(
    "answer",
    AnswerEntry,
    text("key"),
    scalar("value"),
    actor("by"),
    actor("override_by", optional=True),
    text("reason"),
)

BASELINE = EntryTable(
    "baseline",
    BaselineEntry,
    nested(
        "baseline",
        Baseline,
        real("systolic_mmhg"),
        real("diastolic_mmhg"),
        real("hr_per_min", optional=True),
        real("spo2_percent", optional=True),
        real("rr_per_min", optional=True),
        real("mean_mmhg", optional=True),
    ),
    words("nibp_ids"),
    actor("by"),
    text("reason"),
)

ORDER = EntryTable(
    "dose_order",  # ORDER is a word of SQL
    OrderEntry,
    nested(
        "order",
        Order,
        real("dose_mg_per_kg"),
        real("weight_kg"),
        real("concentration_mg_per_ml"),
        real("duration_min"),
        text("ordered_by"),
        flag("verbal"),
        text("drug"),
    ),
    actor("by"),
)

INFUSION = EntryTable(
    "infusion",
    InfusionEntry,
    text("entry_id"),
    text("action"),
    real("rate_ml_per_h", optional=True),
    actor("by"),
    text("reason"),
    real("pump_volume_ml", optional=True),
)

CARE = EntryTable(
    "care", CareEntry, text("entry_id"), text("kind"), text("text"), actor("by"), mapping("fields")
)

VOID = EntryTable("void", VoidEntry, text("entry_id"), actor("by"), text("reason"))

SIGNATURE = EntryTable("signature", SignatureEntry, actor("by"), text("meaning"), text("record_sha256"))

VISIT_TABLES = (PHASE, REFUSAL, ANSWER, BASELINE, ORDER, INFUSION, CARE, VOID, SIGNATURE)
