"""Contec pulse oximeters with protocol V7.0 (CMS50D+, CMS50E, CMS50FW): both ends of the wire (protocols.md §7.2)."""
