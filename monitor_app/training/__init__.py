"""Practice on the same screen: the virtual nurse and, later, instructor and debrief."""
