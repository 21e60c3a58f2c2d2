"""HL7 version 2 on a byte stream: MLLP frames, segments and fields, timestamps (protocols.md §4). Of no one device."""
