"""Starting from ImageNet's weights, a file's, or none."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torchvision import models  # type: ignore[import-untyped]

from collector.dataset.emotions import EMOTIONS
from collector.dataset.errors import UserMistake
from trainer.checkpoint import read_checkpoint, save_checkpoint
from trainer.models import build_model, head_of
from trainer.weights import load_weights

pytestmark = pytest.mark.slow

ARCHITECTURE = "squeezenet1_1"
CLASSES = [emotion.value for emotion in EMOTIONS]


@pytest.fixture
def model() -> nn.Module:
    torch.manual_seed(1)
    return build_model(ARCHITECTURE, 8, 32)


def foreign(architecture: str = ARCHITECTURE, classes: int = 1000) -> dict[str, Tensor]:
    """Weights as they are published: of a model made by torchvision, with its own head."""
    torch.manual_seed(2)
    built: nn.Module = models.get_model(architecture, weights=None, num_classes=classes)
    return built.state_dict()


def copied(model: nn.Module) -> dict[str, Tensor]:
    return {name: part.clone() for name, part in model.state_dict().items()}


@pytest.mark.parametrize("architecture", ["resnet18", "squeezenet1_1", "mnasnet0_5"])
@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_a_files_backbone_arrives_unchanged_and_its_head_does_not(
    architecture: str, suffix: str, tmp_path: Path
) -> None:
    weights, path = foreign(architecture), tmp_path / f"imagenet{suffix}"
    if suffix == ".pth":
        torch.save(weights, path)
    else:
        save_file(weights, path)
    model = build_model(architecture, 8, 32)
    head, before = head_of(model)[0], copied(model)
    start = load_weights(model, architecture, str(path), 32)
    for name, part in model.state_dict().items():
        expected = before[name] if name.startswith(f"{head}.") else weights[name]
        assert torch.equal(part, expected), name
    assert not start.whole
    assert path.name in start.description


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["googlenet", "inception_v3"])
def test_auxiliary_heads_in_a_file_are_left_out(architecture: str, tmp_path: Path) -> None:
    built = models.get_model(architecture, weights=None, init_weights=False)
    weights = built.state_dict()
    assert any(name.startswith(("aux", "Aux")) for name in weights)
    torch.save(weights, tmp_path / "imagenet.pth")
    model = build_model(architecture, 8, 96)
    load_weights(model, architecture, str(tmp_path / "imagenet.pth"), 96)
    own = model.state_dict()
    assert not any(name.startswith(("aux", "Aux")) for name in own)
    first = next(iter(own))
    assert torch.equal(own[first], weights[first])


@pytest.mark.slow
def test_a_vision_transformer_takes_weights_of_another_picture_size(tmp_path: Path) -> None:
    weights = foreign("vit_b_32")  # made for 224 pixels: 49 places and the class token
    torch.save(weights, tmp_path / "imagenet.pth")
    model = build_model("vit_b_32", 8, 64)
    load_weights(model, "vit_b_32", str(tmp_path / "imagenet.pth"), 64)
    own = model.state_dict()
    assert own["encoder.pos_embedding"].shape == (1, 5, 768)
    assert torch.equal(own["encoder.pos_embedding"][:, 0], weights["encoder.pos_embedding"][:, 0])
    assert torch.equal(own["conv_proj.weight"], weights["conv_proj.weight"])


@pytest.mark.slow
def test_densenets_old_names_are_understood(tmp_path: Path) -> None:
    """The published files say `norm.1` where the model says `norm1`."""
    weights = foreign("densenet121")
    old = {
        name.replace("norm1.", "norm.1.").replace("conv2.", "conv.2."): part
        for name, part in weights.items()
    }
    assert old.keys() != weights.keys()
    torch.save(old, tmp_path / "imagenet.pth")
    model = build_model("densenet121", 8, 32)
    load_weights(model, "densenet121", str(tmp_path / "imagenet.pth"), 32)
    name = "features.denseblock1.denselayer1.norm1.weight"
    assert torch.equal(model.state_dict()[name], weights[name])


def test_files_without_batch_counts_are_taken(tmp_path: Path) -> None:
    weights = {
        name: part for name, part in foreign("resnet18").items() if "num_batches" not in name
    }
    torch.save(weights, tmp_path / "old.pth")
    model = build_model("resnet18", 8, 32)
    load_weights(model, "resnet18", str(tmp_path / "old.pth"), 32)
    assert torch.equal(model.state_dict()["conv1.weight"], weights["conv1.weight"])


def test_our_own_model_is_kept_whole(model: nn.Module, tmp_path: Path) -> None:
    path, saved = tmp_path / "model.safetensors", copied(model)
    save_checkpoint(path, model, {"architecture": ARCHITECTURE, "classes": CLASSES})
    other = build_model(ARCHITECTURE, 8, 32)
    start = load_weights(other, ARCHITECTURE, str(path), 32)
    assert start.whole
    assert all(torch.equal(part, saved[name]) for name, part in other.state_dict().items())


def test_a_head_of_eight_other_classes_is_not_kept(model: nn.Module, tmp_path: Path) -> None:
    """Eight outputs in another order would name every emotion wrongly."""
    path = tmp_path / "other.safetensors"
    save_checkpoint(path, model, {"architecture": ARCHITECTURE, "classes": CLASSES[::-1]})
    other = build_model(ARCHITECTURE, 8, 32)
    name = f"{head_of(other)[0]}.weight"
    before = other.state_dict()[name].clone()
    assert not load_weights(other, ARCHITECTURE, str(path), 32).whole
    assert torch.equal(other.state_dict()[name], before)


def test_none_leaves_the_random_weights(model: nn.Module) -> None:
    before = copied(model)
    load_weights(model, ARCHITECTURE, "none", 32)
    assert all(torch.equal(part, before[name]) for name, part in model.state_dict().items())


def test_imagenets_weights_come_from_torch_hubs_cache(
    model: nn.Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has no connection may copy the cache's file from another machine."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    cache = tmp_path / "hub" / "checkpoints"
    cache.mkdir(parents=True)
    weights = foreign()
    torch.save(weights, cache / Path(models.SqueezeNet1_1_Weights.DEFAULT.url).name)
    start = load_weights(model, ARCHITECTURE, "imagenet", 32)
    assert torch.equal(model.state_dict()["features.0.weight"], weights["features.0.weight"])
    assert "ImageNet" in start.description


def test_weights_that_cannot_be_fetched_name_three_ways_out(
    model: nn.Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # where nobody listens
    with pytest.raises(UserMistake) as refused:
        load_weights(model, ARCHITECTURE, "imagenet", 32)
    for way in ("connect to the internet once", "--weights FILE", "--weights none"):
        assert way in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_another_architectures_weights_are_refused(model: nn.Module, tmp_path: Path) -> None:
    torch.save(foreign("resnet18"), tmp_path / "resnet18.pth")
    with pytest.raises(UserMistake, match="does not fit squeezenet1_1"):
        load_weights(model, ARCHITECTURE, str(tmp_path / "resnet18.pth"), 32)


def test_another_size_of_the_same_family_is_refused(model: nn.Module, tmp_path: Path) -> None:
    torch.save(foreign("squeezenet1_0"), tmp_path / "large.pth")
    with pytest.raises(UserMistake, match=r"its features\.0\.weight is 96 x 3 x 7 x 7, not"):
        load_weights(model, ARCHITECTURE, str(tmp_path / "large.pth"), 32)


def test_our_own_model_of_another_architecture_is_refused_by_name(
    model: nn.Module, tmp_path: Path
) -> None:
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, model, {"architecture": ARCHITECTURE, "classes": CLASSES})
    with pytest.raises(UserMistake, match="holds a squeezenet1_1, not a resnet18: add --arch"):
        load_weights(build_model("resnet18", 8, 32), "resnet18", str(path), 32)


def test_a_missing_file_is_refused(model: nn.Module, tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="There is no weights file"):
        load_weights(model, ARCHITECTURE, str(tmp_path / "nowhere.pth"), 32)


@pytest.mark.parametrize("name", ["broken.pth", "broken.safetensors"])
@pytest.mark.parametrize("content", [b"", b"no weights at all", b"\x80\x02}q\x00."])
def test_a_broken_file_is_refused(
    name: str, content: bytes, model: nn.Module, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserMistake) as refused:
        load_weights(model, ARCHITECTURE, str(tmp_path / name), 32)
    assert name in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_a_file_cut_short_is_refused(suffix: str, model: nn.Module, tmp_path: Path) -> None:
    path = tmp_path / f"weights{suffix}"
    torch.save(foreign(), path) if suffix == ".pth" else save_file(foreign(), path)
    path.write_bytes(path.read_bytes()[:-100_000])
    with pytest.raises(UserMistake):
        load_weights(model, ARCHITECTURE, str(path), 32)


def test_a_pickle_that_would_run_code_does_not(model: nn.Module, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[Path]]:
            return Path.touch, (tmp_path / "sprung",)

    torch.save({"weight": Trap()}, tmp_path / "trap.pth")
    with pytest.raises(UserMistake, match="not a file of plain weights"):
        load_weights(model, ARCHITECTURE, str(tmp_path / "trap.pth"), 32)
    assert not (tmp_path / "sprung").exists()


def test_a_checkpoint_gives_back_tensors_and_details(model: nn.Module, tmp_path: Path) -> None:
    path, details = tmp_path / "model.safetensors", {"classes": CLASSES, "best_val_loss": 0.25}
    save_checkpoint(path, model, details)
    tensors, header = read_checkpoint(path)
    assert header == details
    assert tensors.keys() == model.state_dict().keys()
    assert [one.name for one in tmp_path.iterdir()] == ["model.safetensors"]
