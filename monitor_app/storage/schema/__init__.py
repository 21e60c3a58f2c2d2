"""The tables of the record, and how each kind of journal entry stands in them."""
