"""How well beats and rate alarms are found in recordings whose truth is known, beside other programs."""
