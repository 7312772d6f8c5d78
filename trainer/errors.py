"""What goes wrong while training without being the user's mistake."""


class TrainingFailed(Exception):
    """The run cannot go on: one sentence, shown as it stands; the command exits with 1."""
