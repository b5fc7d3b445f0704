"""The networks that read sequences: sizes, padding that never leaks, learning, seeds."""

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from networks import counts, defaults
from serfusion import registry
from serfusion.errors import Refusal
from serfusion.features import gender
from serfusion.layers.frames import FrameNorm
from serfusion.layers.masks import masked
from serfusion.layers.pooling import mean_and_max
from serfusion.models import cnn1d_frames, cnn_lstm, gender_cnn_bilstm, lstm

ON_FRAMES = {"cnn_lstm": cnn_lstm, "cnn1d_frames": cnn1d_frames}
ON_VECTORS = {"lstm": lstm, "gender_cnn_bilstm": gender_cnn_bilstm}


@pytest.fixture(autouse=True)
def one_thread():
    """Networks this small are fastest on one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def built(name: str, inputs, classes: int = 6, *, seed: int = 1, **changes) -> nn.Module:
    torch.manual_seed(seed)
    module = registry.load("models", name)
    return module.build(inputs, classes, **defaults(name, **changes))


def clips(lengths: list[int], channels: int, frames: int | None = None, seed: int = 0):
    """Values of random clips, padded with zeros, and the lengths."""
    torch.manual_seed(seed)
    values = torch.zeros(len(lengths), frames or max(lengths), channels)
    for row, length in enumerate(lengths):
        values[row, :length] = torch.randn(length, channels)
    return values, torch.tensor(lengths)


def vectors(rows: int, inputs: int, seed: int = 0) -> torch.Tensor:
    """Random rows whose last column is a gender."""
    torch.manual_seed(seed)
    genders = torch.tensor([1.0, 0.0, 0.5]).repeat(rows)[:rows, None]
    return torch.cat([torch.randn(rows, inputs - 1), genders], dim=1)


def test_parameters_of_the_lstm():
    in_each_direction = 4 * (1 * 32 + 32 * 32 + 2 * 32)
    assert counts(built("lstm", 39)) == [in_each_direction, 32 * 6 + 6] == [4_480, 198]
    both = counts(built("lstm", 39, bidirectional=True))
    assert both == [2 * in_each_direction, 64 * 6 + 6] == [8_960, 390]
    assert counts(built("lstm", 162)) == [4_480, 198]


def test_parameters_of_the_cnn_lstm():
    convolutions = [24 * 64 * 5, 2 * 64, 64 * 128 * 5, 2 * 128]
    in_lstm = 4 * (128 * 64 + 64 * 64 + 2 * 64)
    numbers = counts(built("cnn_lstm", [136, 24]))
    assert numbers == [*convolutions, in_lstm, 64 * 32 + 32, 32 * 6 + 6]
    assert sum(numbers) == 100_966


def test_parameters_of_the_cnn_on_frames():
    convolutions = [22 * 64 * 5, 2 * 64, 64 * 128 * 5, 2 * 128, 128 * 128 * 5, 2 * 128]
    numbers = counts(built("cnn1d_frames", [136, 22]))
    assert numbers == [*convolutions, 2 * 128 * 64 + 64, 64 * 6 + 6]
    assert sum(numbers) == 147_398


def test_parameters_of_a_branch_for_each_gender():
    branch = [32 * 5 + 32, 32 * 64 * 5 + 64, 2 * 4 * (64 * 32 + 32 * 32 + 2 * 32), 64 * 6 + 6]
    assert sum(branch) == 35_974
    assert counts(built("gender_cnn_bilstm", 51)) == 2 * branch


def test_the_lstm_reads_the_vector_number_by_number():
    network = built("lstm", 5, 3, hidden=4).eval()
    cell = nn.LSTMCell(1, 4)
    cell.load_state_dict(
        {name.removesuffix("_l0"): weight for name, weight in network.lstm.state_dict().items()}
    )
    rows, state = torch.randn(7, 5), None
    for step in range(5):
        state = cell(rows[:, step : step + 1], state)
    torch.testing.assert_close(network(rows), network.classifier(state[0]))


def test_the_bilstm_reads_it_backwards_too():
    network = built("lstm", 5, 3, hidden=4, bidirectional=True)
    forwards = built("lstm", 5, 3, hidden=4)
    backwards = built("lstm", 5, 3, hidden=4)
    weights = network.lstm.state_dict()
    forward = {name: value for name, value in weights.items() if not name.endswith("_reverse")}
    backward = {name: weights[f"{name}_reverse"] for name in forward}
    forwards.lstm.load_state_dict(forward)
    backwards.lstm.load_state_dict(backward)
    rows = torch.randn(7, 5)
    last = [
        one_way.lstm(sequence[:, :, None])[1][0][-1]
        for one_way, sequence in ((forwards, rows), (backwards, rows.flip(1)))
    ]
    torch.testing.assert_close(network(rows), network.classifier(torch.cat(last, dim=1)))


def test_forget_gates_begin_open():
    biases = dict(built("lstm", 5, hidden=4, bidirectional=True).lstm.named_parameters())
    for direction in ("l0", "l0_reverse"):
        total = biases[f"bias_ih_{direction}"] + biases[f"bias_hh_{direction}"]
        assert total.tolist() == [0] * 4 + [1] * 4 + [0] * 8


@pytest.mark.parametrize("name", ON_FRAMES)
@pytest.mark.parametrize("training", [False, True])
def test_padding_changes_nothing(name, training):
    network = built(name, [136, 5], 4, dropout=0).train(training)
    lengths = [1, 2, 5, 8, 13, 29]
    expected = network(*clips(lengths, 5))
    for frames in (30, 31, 64, 136):
        torch.testing.assert_close(
            network(*clips(lengths, 5, frames)), expected, rtol=1e-4, atol=1e-5
        )


@pytest.mark.parametrize("name", ON_FRAMES)
def test_every_frame_counts(name):
    network = built(name, [136, 5], 4).eval()
    values, lengths = clips([9, 20], 5)
    values.requires_grad_()
    network(values, lengths).square().sum().backward()
    has_effect = values.grad.abs().sum(dim=2) > 0
    assert has_effect[1].all()
    assert has_effect[0, :9].all()
    assert not has_effect[0, 11:].any()


@pytest.mark.parametrize("name", ON_VECTORS)
def test_the_logits_of_a_row_do_not_depend_on_its_batch(name):
    network = built(name, 12, 4).eval()
    rows = vectors(9, 12)
    together = network(rows)
    assert together.shape == (9, 4)
    alone = torch.cat([network(row[None]) for row in rows])
    torch.testing.assert_close(alone, together, rtol=1e-4, atol=1e-5)


def test_the_gender_chooses_the_branch():
    network = built("gender_cnn_bilstm", 12, 4).eval()
    rows = vectors(6, 12)
    probabilities = network(rows).softmax(dim=1)
    by_gender = {
        value: branch(rows[:, :-1]).softmax(dim=1)
        for value, branch in (
            (gender.VALUES["male"], network.male),
            (gender.VALUES["female"], network.female),
        )
    }
    average = (by_gender[1.0] + by_gender[0.0]) / 2
    for row, value in enumerate(rows[:, -1].tolist()):
        expected = average if value == gender.UNKNOWN else by_gender[value]
        torch.testing.assert_close(probabilities[row], expected[row])


def test_a_clip_trains_only_the_branch_of_its_gender():
    network = built("gender_cnn_bilstm", 12, 4, dropout=0)
    rows = vectors(3, 12)[:1]
    cross_entropy(network(rows), torch.tensor([2])).backward()
    trained = [
        any(weight.grad.abs().sum() > 0 for weight in branch.parameters())
        for branch in (network.male, network.female)
    ]
    assert trained == [True, False]
    assert all(weight.grad.isfinite().all() for weight in network.parameters())


def test_rows_without_a_gender_are_refused():
    network = built("gender_cnn_bilstm", 12, 4)
    with pytest.raises(Refusal, match="is not a gender: end fuse with a feature set"):
        network(torch.full((2, 12), 0.7))
    with pytest.raises(Refusal, match="its rows have only the gender: set features"):
        built("gender_cnn_bilstm", 1, 4)


def test_masks_and_pooling_by_hand():
    values = torch.tensor([[[1.0, -2, 3, 9], [-4, -6, 8, 8]]])
    valid = masked(values, torch.tensor([2]), dim=2)
    assert valid.tolist() == [[[1, -2, 0, 0], [-4, -6, 0, 0]]]
    assert mean_and_max(valid, torch.tensor([2])).tolist() == [[-0.5, -5, 1, -4]]


def test_frames_are_normalised_without_the_padding():
    values, lengths = clips([3, 8, 5], 4, 10)
    normalised = FrameNorm(4)(values.transpose(1, 2), lengths).transpose(1, 2)
    frames = torch.cat([row[:length] for row, length in zip(normalised, lengths, strict=True)])
    torch.testing.assert_close(frames.mean(dim=0), torch.zeros(4), rtol=0, atol=1e-5)
    torch.testing.assert_close(frames.std(dim=0, correction=0), torch.ones(4), rtol=1e-3, atol=1e-3)
    assert (normalised[0, 3:] == 0).all()
