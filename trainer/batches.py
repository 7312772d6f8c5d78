"""Batches of pictures, prepared by threads while the network is at work on the one before."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor

import numpy as np
import torch
from torch import Tensor

from collector.dataset.pixels import RGB
from trainer.augment import eval_transform, train_transform
from trainer.config import FitConfig
from trainer.data import Example

# ImageNet's, which all of torchvision's weights expect.
MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


class Feeder:
    """Hands out batches: pictures (n x 3 x side x side, normalised) and labels (n), on the device.

    Which photo is augmented how depends on the seed, the epoch and the photo's place alone, never
    on the number of threads. Threads, not processes: OpenCV works beside them, pictures stay in
    one memory, and it is the same on Windows.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        config: FitConfig,
        device: torch.device,
        pool: Executor | None,
    ) -> None:
        """`pool` prepares the pictures; without one they are prepared where they are asked for."""
        self.examples, self.config, self.device, self.pool = examples, config, device, pool
        self.mean = torch.tensor(MEAN, device=device).view(1, 3, 1, 1)
        self.deviation = torch.tensor(DEVIATION, device=device).view(1, 3, 1, 1)

    def training(self, places: Sequence[int], epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        """One epoch's batches in a new order, augmented."""
        order = np.random.default_rng([self.config.seed, epoch]).permutation(np.array(places))
        return self._batches([int(place) for place in order], epoch)

    def evaluation(self, places: Sequence[int]) -> Iterator[tuple[Tensor, Tensor]]:
        """The same photos in the order given, as they are."""
        return self._batches(places, None)

    def count(self, places: Sequence[int]) -> int:
        """How many batches these photos make."""
        return len(group_places(places, self.config.batch_size))

    def _batches(self, places: Sequence[int], epoch: int | None) -> Iterator[tuple[Tensor, Tensor]]:
        groups = group_places(places, self.config.batch_size)
        coming = [self._begin(group, epoch) for group in groups[:1]]
        for number, group in enumerate(groups):
            pictures = np.stack(list(coming.pop()))
            coming += [self._begin(after, epoch) for after in groups[number + 1 : number + 2]]
            labels = torch.tensor([self.examples[place].label for place in group])
            yield self._normalised(pictures), labels.to(self.device)

    def _begin(self, group: Sequence[int], epoch: int | None) -> Iterator[RGB]:
        if self.pool is None:
            return (self._prepare(place, epoch) for place in group)
        return self.pool.map(self._prepare, group, [epoch] * len(group))

    def _prepare(self, place: int, epoch: int | None) -> RGB:
        crop, side = self.examples[place].crop, self.config.image_size
        if epoch is None:
            return eval_transform(crop, side)
        dice = np.random.default_rng([self.config.seed, epoch, place])
        return train_transform(crop, side, dice if self.config.augment == "study" else None)

    def _normalised(self, pictures: RGB) -> Tensor:
        values = torch.from_numpy(pictures).to(self.device).permute(0, 3, 1, 2).float() / 255
        return (values - self.mean) / self.deviation


def group_places(places: Sequence[int], size: int) -> list[Sequence[int]]:
    """Places in groups of `size`; a single one left over joins the group before.

    Batch normalisation cannot learn from a batch of one: some networks would stop there.
    """
    groups = [places[start : start + size] for start in range(0, len(places), size)]
    if size > 1 and len(groups) > 1 and len(groups[-1]) == 1:
        last = groups.pop()
        groups[-1] = [*groups[-1], *last]
    return groups
