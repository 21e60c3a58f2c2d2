"""What the host may send to a Nellcor oximeter (protocols.md §6.2). None of it changes a setting."""

RESUME = b"\x11"
"""XON: goes on after a stop; an NPB-290 that fell silent is woken with it."""
ENTER_MENU = b"\x03\x03"
ASK_INFO = b"1\r\n"
LEAVE_MENU = b"0\r\n"
ASK_WHO = ENTER_MENU + ASK_INFO + LEAVE_MENU
"""Enter interactive mode, ask for the instrument's information, leave it again."""
