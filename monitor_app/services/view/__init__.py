"""From the display model to the words and numbers of the screen, one module per part of it."""
