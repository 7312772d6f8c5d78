"""Any of torchvision's classifiers, with a head for eight classes."""

import pytest
import torch
from torch import nn

from collector.dataset.errors import UserMistake
from trainer.models import build_model, head_of, known_architectures

pytestmark = pytest.mark.slow

SMALL = ["squeezenet1_1", "shufflenet_v2_x0_5", "mnasnet0_5", "mobilenet_v3_small", "resnet18"]
LARGE = ["alexnet", "convnext_tiny", "densenet121", "efficientnet_b0", "efficientnet_v2_s",
         "googlenet", "inception_v3", "maxvit_t", "mobilenet_v2", "regnet_y_400mf",
         "resnext50_32x4d", "swin_t", "swin_v2_t", "vgg11_bn", "vit_b_32"]  # fmt: skip
LEAST = {"inception_v3": 96, "maxvit_t": 224, "alexnet": 64}

families = pytest.mark.parametrize(
    "architecture", [*SMALL, *(pytest.param(name, marks=pytest.mark.slow) for name in LARGE)]
)


@families
def test_a_picture_gives_eight_scores_in_training_and_in_use(architecture: str) -> None:
    side = LEAST.get(architecture, 32)
    model = build_model(architecture, 8, side)
    pictures = torch.randn(2, 3, side, side)
    assert model.eval()(pictures).shape == (2, 8)
    outputs = model.train()(pictures)  # auxiliary heads would make this a tuple
    assert outputs.shape == (2, 8)


@families
def test_the_head_is_what_makes_the_eight_scores(architecture: str) -> None:
    model = build_model(architecture, 8, LEAST.get(architecture, 32))
    name, head = head_of(model)
    size = head.out_features if isinstance(head, nn.Linear) else head.out_channels
    assert size == 8
    assert model.get_submodule(name) is head


def test_the_studys_network_is_among_them() -> None:
    assert "resnet152" in known_architectures()


def test_a_mistyped_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UserMistake, match=r"called ResNet-18; did you mean .*resnet18"):
        build_model("ResNet-18", 8, 224)


def test_a_detector_is_no_classifier() -> None:
    with pytest.raises(UserMistake, match="no classifier called fasterrcnn_resnet50_fpn"):
        build_model("fasterrcnn_resnet50_fpn", 8, 224)


@pytest.mark.parametrize(
    ("architecture", "side"),
    [("alexnet", 32), pytest.param("vit_b_32", 50, marks=pytest.mark.slow)],
)
def test_a_picture_size_that_it_cannot_take_is_refused(architecture: str, side: int) -> None:
    with pytest.raises(UserMistake, match=f"cannot take pictures of {side} pixels"):
        build_model(architecture, 8, side)
