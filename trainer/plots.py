"""The two figures of a run: loss and accuracy by epoch, and the confusion matrix."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from trainer.fit import Epoch

TRAINING, VALIDATION = "#0072B2", "#D55E00"  # Okabe and Ito's blue and vermilion
GREY = "#6b7280"
DOTS_A_INCH = 160
SHARES = LinearSegmentedColormap.from_list("shares", ["#ffffff", "#9ecae8", "#0072B2", "#003a5c"])


def draw_curves(history: Sequence[Epoch], path: Path) -> None:
    """Both losses and both accuracies by epoch; the lowest validation loss is marked."""
    figure = Figure(figsize=(9.6, 3.9), layout="constrained")
    losses, accuracies = figure.subplots(1, 2)
    epochs = [epoch.epoch for epoch in history]
    best = min(history, key=lambda epoch: epoch.val_loss)
    _draw_pair(losses, epochs, [e.train_loss for e in history], [e.val_loss for e in history])
    highest = max(max(epoch.train_loss, epoch.val_loss) for epoch in history)
    losses.set(title="Cross-entropy loss", ylim=(0, 1.2 * highest))  # room for the note above
    _draw_pair(
        accuracies, epochs, [e.train_accuracy for e in history], [e.val_accuracy for e in history]
    )
    accuracies.set(title="Accuracy", ylim=(0, 1.02))
    accuracies.yaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    for axes in (losses, accuracies):
        axes.axvline(best.epoch, color=GREY, linewidth=1, linestyle=":", zorder=0)
    losses.annotate(
        f"lowest validation loss: {best.val_loss:.3f}, epoch {best.epoch}",
        (0.98, 0.97), xycoords="axes fraction", ha="right", va="top", color=GREY, fontsize=8,
    )  # fmt: skip
    figure.legend(*losses.get_legend_handles_labels(), loc="outside lower center", ncols=2,
                  frameon=False)  # fmt: skip
    figure.savefig(path, dpi=DOTS_A_INCH)


def draw_confusion(confusion: Sequence[Sequence[int]], classes: Sequence[str], path: Path) -> None:
    """Rows the true class, columns the predicted: counts, and shares of the row's photos."""
    counts = np.array(confusion)
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(totals, 1)
    figure = Figure(figsize=(7.6, 6.5), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(shares, cmap=SHARES, vmin=0, vmax=1)
    names = [f"{name}\n(n = {total})" for name, total in zip(classes, totals[:, 0], strict=True)]
    places = range(len(classes))
    axes.set_xticks(places, classes, rotation=35, ha="right", rotation_mode="anchor")
    axes.set_yticks(places, names)
    axes.set(xlabel="predicted class", ylabel="true class")
    axes.set_xticks([place - 0.5 for place in places[1:]], minor=True)
    axes.set_yticks([place - 0.5 for place in places[1:]], minor=True)
    axes.grid(which="minor", color="#e5e7eb", linewidth=1)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_color("#d1d5db")
    for row in places:
        for column in places:
            _write_cell(
                axes,
                row,
                column,
                count=counts[row, column],
                share=shares[row, column],
                total=totals[row, 0],
            )
    bar = figure.colorbar(image, ax=axes, shrink=0.75, format=PercentFormatter(1, symbol=" %"))
    bar.set_label("share of the true class")
    bar.outline.set_visible(False)
    figure.savefig(path, dpi=DOTS_A_INCH)


def _draw_pair(
    axes: Axes, epochs: list[int], training: list[float], validation: list[float]
) -> None:
    axes.plot(epochs, training, "o-", color=TRAINING, markersize=4, label="training")
    axes.plot(epochs, validation, "s--", color=VALIDATION, markersize=4, label="validation")
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlim(epochs[0] - 0.5, epochs[-1] + 0.5)
    axes.grid(color="#e5e7eb")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _write_cell(axes: Axes, row: int, column: int, *, count: int, share: float, total: int) -> None:
    if total == 0:  # no photo of this class: neither right nor wrong
        axes.text(column, row, "–", ha="center", va="center", color="#9ca3af")
        return
    colour = "white" if share > 0.5 else "#111827" if count else "#9ca3af"
    axes.text(column, row - 0.1, str(count), ha="center", va="center", color=colour, fontsize=12)
    if count:
        words = f"{100 * share:.0f} %"
        axes.text(column, row + 0.24, words, ha="center", va="center", color=colour, fontsize=8)
