"""The networks on spectrogram images: published counts, colours, deltas, masks."""

import json
import re

import librosa
import numpy as np
import pytest
import torch
import vl_convert
from torch import nn

from networks import counts, defaults
from serfusion import registry
from serfusion.errors import Refusal
from serfusion.fitting import checkpoints
from serfusion.layers import images
from serfusion.layers.colours import MAGMA
from serfusion.models import alexnet_mel3d, vgg16
from serfusion.study.initial_weights import SETTINGS

READINGS = ("colour", "deltas")


def settings(module, **changes) -> dict:
    return defaults(module.__name__.rpartition(".")[2], **changes)


def networks(frames: int = 64, bands: int = 64, **changes) -> list[nn.Module]:
    """VGG16, and AlexNet in both readings."""
    image = vgg16.build([frames, bands], 4, **settings(vgg16, **changes))
    readings = [
        alexnet_mel3d.build([frames, bands], 4, **settings(alexnet_mel3d, reading=reading))
        for reading in READINGS
    ]
    return [image, *readings]


def spectrograms(lengths: list[int], frames: int, bands: int = 64) -> tuple[torch.Tensor, ...]:
    """Decibels, padded with zeros to `frames`, and the lengths."""
    generator = torch.Generator().manual_seed(1)
    values = 15 * torch.randn(len(lengths), frames, bands, generator=generator) - 50
    for clip, length in zip(values, lengths, strict=True):
        clip[length:] = 0
    return values, torch.tensor(lengths)


def test_vgg16_has_the_published_counts():
    published = [1_792, 36_928, 73_856, 147_584, 295_168, 590_080, 590_080]
    published += [1_180_160] + 5 * [2_359_808]
    assert counts(vgg16.trunk()) == published
    assert sum(published) == 14_714_688
    network = vgg16.build([108, 128], 8, **settings(vgg16))
    dense = (512 * 32 + 32) + (32 * 8 + 8)
    assert checkpoints.parameter_count(network) == 14_714_688 + dense


def test_alexnet_has_the_published_counts():
    published = [23_296, 307_392, 663_936, 884_992, 590_080]
    assert counts(alexnet_mel3d.trunk()) == published
    assert sum(published) == 2_469_696
    network = alexnet_mel3d.build([108, 128], 4, **settings(alexnet_mel3d))
    assert checkpoints.parameter_count(network) == 2_469_696 + (256 * 4 + 4)


@pytest.mark.parametrize(
    ("trainable", "convolutions"),
    [("all", 14_714_688), ("last_block", 3 * 2_359_808), ("none", 0)],
)
def test_only_the_trainable_convolutions_are_trained(trainable, convolutions):
    network = vgg16.build([32, 32], 4, **settings(vgg16, trainable=trainable))
    dense = (512 * 32 + 32) + (32 * 4 + 4)
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    assert sum(parameter.numel() for parameter in trained) == convolutions + dense
    assert checkpoints.parameter_count(network) == 14_714_688 + dense
    if trainable == "last_block":
        names = {name for name, value in network.named_parameters() if value.requires_grad}
        assert {name for name in names if name.startswith("features")} == {
            f"features.{layer}.{part}" for layer in (24, 26, 28) for part in ("weight", "bias")
        }


@pytest.mark.parametrize(
    ("trunk", "names"),
    [
        (vgg16.trunk, (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)),
        (alexnet_mel3d.trunk, (0, 3, 6, 8, 10)),
    ],
)
def test_parameters_are_named_as_torchvision_names_them(trunk, names):
    expected = [f"{name}.{part}" for name in names for part in ("weight", "bias")]
    assert list(trunk().state_dict()) == expected


def test_shapes():
    values, lengths = spectrograms([70, 40, 1], 70)
    for network, deep in zip(networks(70), (32, 256, 256), strict=True):
        network.eval()
        assert network(values, lengths).shape == (3, 4)
        assert network.deep(values, lengths).shape == (3, deep)
    small = vgg16.build([5, 5], 4, **settings(vgg16, image_size=32))
    assert small.image(values[:, :5, :5], lengths.clamp(max=5)).shape == (3, 3, 32, 32)


def test_the_trunks_have_torchvisions_output_sizes():
    image = torch.randn(1, 3, 224, 224)
    assert alexnet_mel3d.trunk()(image).shape == (1, 256, 6, 6)
    assert vgg16.trunk()(image[..., :64, :96]).shape == (1, 512, 2, 3)


@pytest.mark.parametrize(
    ("module", "inputs", "sentence"),
    [
        (vgg16, [20, 128], r"needs images of at least 32 × 32, .* have 20 frames of 128 bands"),
        (alexnet_mel3d, [100, 40], r"at least 63 mel bands, but its features have 40: set"),
    ],
)
def test_too_little_is_refused(module, inputs, sentence):
    with pytest.raises(Refusal, match=sentence):
        module.build(inputs, 4, **settings(module))


def test_magma_is_the_map_of_that_name():
    rectangles = {
        "data": {"sequence": {"start": 0, "stop": 256, "as": "step"}},
        "mark": "rect",
        "encoding": {
            "x": {"field": "step", "type": "ordinal"},
            "color": {"field": "step", "type": "quantitative", "scale": {"scheme": "magma"}},
        },
    }
    drawn = re.findall(r'fill="rgb\((.*?)\)"', vl_convert.vegalite_to_svg(json.dumps(rectangles)))
    drawn = np.array([[int(part) for part in colour.split(",")] for colour in drawn])
    ours = np.array(list(MAGMA)).reshape(256, 3)
    np.testing.assert_array_equal(ours, drawn)
    # The values that Smith and van der Walt published, for both ends and the middle.
    published = np.array(
        [[0.0015, 0.0005, 0.0139], [0.7164, 0.215, 0.4753], [0.9871, 0.9914, 0.7495]]
    )
    np.testing.assert_allclose(ours[[0, 128, 255]] / 255, published, atol=1.5 / 255)


def test_the_colour_image_spans_the_range_of_the_clip_with_low_bands_at_the_bottom():
    values = torch.full((2, 4, 3), -200.0)
    values[0, 0] = torch.tensor([-10.0, -50.0, -89.0])
    values[0, 1, 0] = -95.0
    values[1, 0] = -30.0
    values[:, 2:] = 0
    image = images.colour_image(values, torch.tensor([2, 1]), range_db=80)
    assert image.shape == (2, 3, 3, 4)
    steps = {(0, 2, 0): 255, (0, 1, 0): 128, (0, 0, 0): 3, (0, 2, 1): 0}
    steps |= {(0, 0, 3): 0, (1, 1, 0): 255, (1, 1, 1): 0}
    for (clip, row, frame), step in steps.items():
        expected = list(MAGMA[3 * step : 3 * step + 3])
        assert (255 * image[clip, :, row, frame]).round().int().tolist() == expected


def test_images_are_normalised_as_torchvisions():
    image = torch.rand(2, 3, 5, 7)
    means, deviations = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    expected = [(image[:, channel] - means[channel]) / deviations[channel] for channel in range(3)]
    torch.testing.assert_close(images.imagenet_normalised(image), torch.stack(expected, dim=1))


@pytest.mark.parametrize("width", [3, 9])
def test_deltas_are_librosas_of_each_clip_without_padding(width):
    values, lengths = spectrograms([1, 3, 30, 44], 44, bands=6)
    first = images.deltas(values, lengths, width=width)
    second = images.deltas(first, lengths, width=width)
    for clip, length in enumerate(lengths.tolist()):
        frames = values[clip, :length].numpy().T
        expected = librosa.feature.delta(frames, width=width, mode="nearest")
        np.testing.assert_allclose(first[clip, :length].T, expected, atol=1e-4)
        again = librosa.feature.delta(expected, width=width, mode="nearest")
        np.testing.assert_allclose(second[clip, :length].T, again, atol=1e-4)
        assert (first[clip, length:] == 0).all()


def test_each_channel_of_deltas_has_mean_0_and_deviation_1_in_a_clip():
    values, lengths = spectrograms([40, 70], 70)
    _, _, network = networks(70)
    image = network.image(values, lengths)
    for clip, length in enumerate(lengths.tolist()):
        frames = image[clip, :, :, :length]
        np.testing.assert_allclose(frames.mean(dim=(1, 2)), 0, atol=1e-5)
        np.testing.assert_allclose(frames.std(dim=(1, 2), correction=0), 1, atol=1e-4)
        assert (image[clip, :, :, length:] == 0).all()
    one_frame = network.image(values[:1], torch.tensor([1]))
    assert (one_frame[:, 1:] == 0).all()
    assert one_frame.isfinite().all()


LENGTHS = [1, 40, 63, 66, 67, 130]


@pytest.mark.parametrize("reading", READINGS)
def test_alexnets_logits_of_a_clip_do_not_depend_on_its_batch(reading):
    torch.manual_seed(0)
    network = alexnet_mel3d.build([130, 64], 4, **settings(alexnet_mel3d, reading=reading)).eval()
    values, lengths = spectrograms(LENGTHS, 130)
    with torch.inference_mode():
        together = network(values, lengths)
        for clip, length in enumerate(LENGTHS):
            alone, its_length = values[clip : clip + 1], lengths[clip : clip + 1]
            padded = nn.functional.pad(alone, (0, 0, 0, 50))
            logits = [network(image, its_length) for image in (alone[:, :length], alone, padded)]
            logits.append(network(values[[clip, -1]], lengths[[clip, -1]])[:1])
            for row in logits:
                torch.testing.assert_close(row, together[clip : clip + 1], atol=1e-5, rtol=0)
    assert together.std(dim=0).min() > 1e-4


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("length", [63, 66, 67, 95, 130])
def test_alexnet_pools_the_output_of_the_plain_trunk(reading, length):
    network = alexnet_mel3d.build([200, 64], 4, **settings(alexnet_mel3d, reading=reading)).eval()
    values, lengths = spectrograms([length, 200], 200)
    with torch.inference_mode():
        image = network.image(values[:1, :length], lengths[:1])
        expected = network.features(image).mean(dim=(2, 3))
        torch.testing.assert_close(network.deep(values, lengths)[:1], expected)


@pytest.mark.parametrize(
    ("module", "changes", "size", "rate"),
    [
        (vgg16, {}, 32, 3e-4),
        (alexnet_mel3d, {"reading": "colour"}, 63, 1e-3),
        (alexnet_mel3d, {"reading": "deltas"}, 63, 1e-3),
    ],
    ids=["vgg16", *READINGS],
)
def test_a_few_clips_can_be_memorised(module, changes, size, rate):
    torch.manual_seed(1)
    torch.set_num_threads(2)
    values = torch.full((4, size, size), -90.0)
    for number, clip in enumerate(values):
        clip[:, number * size // 4 : (number + 1) * size // 4] = -20
        clip[:: number + 2] -= 20
    lengths, targets = torch.full((4,), size), torch.arange(4)
    network = module.build([size, size], 4, **settings(module, **changes)).eval()
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    for _ in range(30):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(values, lengths), targets)
        loss.backward()
        optimizer.step()
        if loss < 0.2:
            break
    assert (network(values, lengths).argmax(dim=1) == targets).all()


def test_build_takes_all_settings_except_the_pretrained_weights():
    for module in (vgg16, alexnet_mel3d):
        name = module.__name__.rpartition(".")[2]
        assert registry.constant(f"models/{name}.py", "INPUT") == "frames"
        assert set(SETTINGS) < set(registry.constant(f"models/{name}.py", "SETTINGS"))
        module.build([64, 64], 4, **settings(module))
