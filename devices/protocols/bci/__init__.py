"""BCI "5 byte" finger oximeters (Berry USB probes, Contec CMS50D+ up to firmware 5), both ends (protocols.md §7.1)."""
