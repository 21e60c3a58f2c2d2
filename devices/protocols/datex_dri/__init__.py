"""GE / Datex-Ohmeda S/5 "DRI" serial interface: S/5, Cardiocap/5, B20 to B125, CARESCAPE B450 to B850 (protocols.md §2)."""
