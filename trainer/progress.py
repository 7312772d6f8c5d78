"""How a training is watched: a bar on standard error, and a line an epoch."""

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from trainer.fit import Epoch


class Watch(Protocol):
    """What a training tells of itself."""

    def begin(self, epochs: int, batches: int) -> None:
        """So many epochs of so many batches follow."""

    def batch(self) -> None:
        """A batch is done."""

    def epoch(self, epoch: Epoch) -> None:
        """An epoch is done."""


class Bar:
    """A progress bar on standard error; where that is no terminal, only the lines."""

    def __init__(self, console: Console) -> None:
        """Nothing is shown before `begin`."""
        self.console = console
        self.epochs, self.task = 0, TaskID(0)
        self.progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("batches,"), TimeRemainingColumn(), TextColumn("left"),
            console=console, transient=True, disable=not console.is_terminal,
        )  # fmt: skip

    def __enter__(self) -> Self:
        """Show the bar."""
        self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away; the lines stay."""
        self.progress.stop()

    def say(self, sentence: str) -> None:
        """Print a sentence."""
        self.console.print(sentence, highlight=False, markup=False, soft_wrap=True)

    def begin(self, epochs: int, batches: int) -> None:
        """Set the bar to its start."""
        self.epochs = epochs
        self.task = self.progress.add_task("training", total=epochs * batches)

    def batch(self) -> None:
        """Move the bar on."""
        self.progress.advance(self.task)

    def epoch(self, epoch: Epoch) -> None:
        """Print the epoch's figures above the bar."""
        self.say(
            f"epoch {epoch.epoch:>{len(str(self.epochs))}}/{self.epochs}   "
            f"loss {epoch.train_loss:.3f} training, {epoch.val_loss:.3f} validation   "
            f"accuracy {epoch.train_accuracy:.1%}, {epoch.val_accuracy:.1%}   "
            f"{epoch.seconds:.1f} s"
        )
