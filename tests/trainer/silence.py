"""A watch for trainings that nobody looks at."""

from trainer.fit import Epoch


class Silence:
    """A watch that shows nothing and remembers what it was told."""

    def __init__(self) -> None:
        """Nothing told yet."""
        self.expected, self.batches = 0, 0
        self.epochs: list[Epoch] = []

    def begin(self, epochs: int, batches: int) -> None:
        """Note how much is to come."""
        self.expected = epochs * batches

    def batch(self) -> None:
        """Count a batch."""
        self.batches += 1

    def epoch(self, epoch: Epoch) -> None:
        """Keep an epoch."""
        self.epochs.append(epoch)
