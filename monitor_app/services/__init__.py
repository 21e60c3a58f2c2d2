"""What runs: the bedside, playback, headless visits, and what the screen shows, in words."""
