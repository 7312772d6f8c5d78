"""The Flask shell that the rooms are mounted in."""
