"""The network that trains the upper layers of an encoder: its head, its rates, its training."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
import torch
from torch.nn.functional import cross_entropy

from encoders import KINDS, LAYERS, WIDTH, tiny_encoder
from fits import NAMES, settings
from networks import FINE_TUNED, defaults
from serfusion.fitting import checkpoints, networks
from serfusion.fitting.classifier import Classifier
from serfusion.fitting.deep_features import deep_table
from serfusion.fitting.rows import Rows
from serfusion.layers.masks import mask

LAYER = 2
FRAMES = 20


@pytest.fixture(autouse=True)
def one_thread():
    """Networks this small are fastest on one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {kind: tiny_encoder(tmp_path_factory.mktemp(kind), kind) for kind in KINDS}


def rows(count: int, role: str) -> Rows:
    """Clips of 10 to 20 frames, whose first channels tell the emotion."""
    random = np.random.default_rng(count)
    targets = random.integers(0, len(NAMES), count)
    lengths = random.integers(FRAMES // 2, FRAMES + 1, count)
    values = random.normal(size=(count, FRAMES, WIDTH))
    values[:, :, : len(NAMES)] += 2 * np.eye(len(NAMES))[targets][:, None]
    values[np.arange(FRAMES) >= lengths[:, None]] = 0
    keys = pd.DataFrame({"clip": [f"{role}/{n}" for n in range(count)], "augmentation": "original"})
    return Rows(keys, values.astype(np.float16), targets, lengths)


@pytest.fixture(scope="module")
def rows_by_role():
    return {"train": rows(65, "train"), "validation": rows(30, "validation"), "test": rows(9, "t")}


def described(folder, **changes) -> dict:
    hyperparameters = defaults(FINE_TUNED, **{"layer": LAYER} | changes)
    return networks.describe(FINE_TUNED, rows(2, "any"), NAMES, hyperparameters, folder)


def built(folder, **changes) -> torch.nn.Module:
    torch.manual_seed(0)
    network = checkpoints.build(**described(folder, **changes)).network
    network.start_from(folder)
    return network


def tensors(some: Rows) -> tuple[torch.Tensor, torch.Tensor]:
    values, lengths = some.inputs
    return torch.from_numpy(values).float(), torch.from_numpy(lengths)


def fit(folder, rows_by_role, path, *, seed=17, network=None, **changes):
    training = settings(**{"epochs": 2, "batch_size": 16, "learning_rate": 0.01} | changes)
    description = network or described(folder)
    return networks.fit(
        rows_by_role, description, training, seed=seed, checkpoint=path, initial_weights=folder
    )


@pytest.mark.parametrize("kind", KINDS)
def test_untrained_it_pools_the_mean_and_deviation_of_the_encoders_own_frames(folders, kind):
    network = built(folders[kind]).eval()
    values, lengths = tensors(rows(4, "test"))
    with torch.no_grad():
        states = network.encoder(values, lengths)
        pooled = network.deep(values, lengths)
    for row, clip_states, length in zip(pooled, states, lengths, strict=True):
        own = clip_states[:length]
        deviation = (own.var(dim=0, correction=0) + 1e-6).sqrt()
        expected = torch.cat([own.mean(dim=0), deviation]) / np.sqrt(1 + network.normalise.eps)
        torch.testing.assert_close(row, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_logits_of_a_clip_do_not_depend_on_its_batch(folders, kind):
    network = built(folders[kind]).eval()
    torch.nn.init.normal_(network.weigh[-1].weight)
    values, lengths = tensors(rows(5, "test"))
    with torch.no_grad():
        together = network(values, lengths)
        noisy = network(values + 9 * ~mask(lengths, FRAMES)[:, :, None], lengths)
        alone = torch.cat([network(values[i : i + 1], lengths[i : i + 1]) for i in range(5)])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(together, noisy, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_memorise_a_few_rows(folders, kind):
    network = built(folders[kind], dropout=0)
    values, lengths = tensors(rows(8, "train"))
    targets = torch.arange(8) % 3
    values = torch.randn_like(values)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.003)
    for _ in range(200):
        optimizer.zero_grad()
        loss = cross_entropy(network(values, lengths), targets)
        if loss < 0.05:
            break
        loss.backward()
        optimizer.step()
    assert loss < 0.05


def test_lower_layers_learn_at_lower_rates(folders):
    description = described(folders["whisper"], layer=1, encoder_rate=0.1, layer_decay=0.5)
    model = checkpoints.build(**description)
    for schedule, share in {"plateau": 1, "one_cycle": 1 / 25}.items():
        module = Classifier(model, description, settings(schedule=schedule), None)
        module.trainer = type("Steps", (), {"estimated_stepping_batches": 10})
        groups = module.configure_optimizers()["optimizer"].param_groups
        rates = [group["lr"] for group in groups]
        expected = [0.001, 0.0001, 0.00005, 0.000025]
        assert rates == pytest.approx([share * rate for rate in expected])
        trained = [parameter for group in groups for parameter in group["params"]]
        assert {id(each) for each in trained} == {id(each) for each in model.parameters()}
        assert len(trained) == len(list(model.parameters()))
        top = {id(each) for each in model.network.encoder.blocks[-1].parameters()}
        assert {id(each) for each in groups[1]["params"]} == top


def test_a_batch_of_one_row_is_normalised_by_those_before(folders):
    network = built(folders["whisper"]).train()
    values, lengths = tensors(rows(5, "train"))
    network(values, lengths)
    moments = network.normalise.running_mean.clone()
    alone = network(values[:1], lengths[:1])
    assert alone.isfinite().all()
    assert torch.equal(network.normalise.running_mean, moments)


def test_training_changes_the_layers_and_nothing_that_is_frozen(folders, rows_by_role, tmp_path):
    folder = folders["wavlm"]
    before = built(folder).state_dict()
    trained = fit(folder, rows_by_role, tmp_path / "model.ckpt").model.network.state_dict()
    frozen = "encoder.blocks.0.attention.rel_attn_embed.weight"
    assert torch.equal(before[frozen], trained[frozen])
    for name in before:
        if name != frozen and name.startswith("encoder.") and "gru_rel_pos" not in name:
            assert not torch.equal(before[name], trained[name]), name


def test_a_fit_says_what_it_started_from_and_can_be_repeated(folders, rows_by_role, tmp_path):
    folder = folders["moonshine"]
    first, again, other = (
        fit(folder, rows_by_role, tmp_path / f"{n}.ckpt", seed=seed)
        for n, seed in enumerate((17, 17, 18))
    )
    assert first.record["initial_weights"] == folder.name
    predicted = [networks.probabilities(each.model, rows_by_role) for each in (first, again, other)]
    assert predicted[0]["test"].tobytes() == predicted[1]["test"].tobytes()
    assert not np.allclose(predicted[0]["test"], predicted[2]["test"])
    pd.testing.assert_frame_equal(first.curves, again.curves)


def test_a_checkpoint_needs_no_encoder_beside_it(folders, rows_by_role, tmp_path):
    folder = shutil.copytree(folders["wav2vec2_large"], tmp_path / "encoder")
    fitted = fit(folder, rows_by_role, tmp_path / "model.ckpt", epochs=8)
    shutil.rmtree(folder)
    loaded, names = checkpoints.load(tmp_path / "model.ckpt")
    assert names == NAMES
    predicted, expected = (
        networks.probabilities(model, rows_by_role) for model in (loaded, fitted.model)
    )
    np.testing.assert_array_equal(predicted["test"], expected["test"])
    assert (expected["test"].argmax(axis=1) == rows_by_role["test"].targets).mean() > 0.7
    deep = deep_table(loaded, rows_by_role, torch.device("cpu"))
    assert deep.shape == (65 + 30 + 9, 2 + 2 * WIDTH)


def test_half_precision_and_checkpointing_train_it_too(folders, rows_by_role, tmp_path):
    folder = folders["hubert"]
    network = described(folder, gradient_checkpointing=True)
    changes = {"network": network, "precision": "bf16-mixed", "epochs": 8}
    fitted = fit(folder, rows_by_role, tmp_path / "model.ckpt", **changes)
    assert fitted.curves["validation_accuracy"].max() > 0.7


def test_a_search_may_choose_among_its_settings(folders, rows_by_role):
    folder, training = folders["whisper"], settings(epochs=1)
    answers = {}
    for last in (3, LAYERS):
        hyperparameters = defaults(FINE_TUNED, layer=LAYER, last_layer=last)
        arguments = (rows_by_role, NAMES, FINE_TUNED, hyperparameters, training, 17, folder)
        answers[last] = networks.trial(*arguments)
    assert answers[3].shape == (30, 3)
    assert not np.allclose(answers[3], answers[LAYERS])


def test_what_an_encoder_is_like_is_read_from_any_of_its_files(folders):
    folder = folders["whisper"]
    config = json.loads((folder / "config.json").read_text())
    for weights in (folder, folder / "model.safetensors"):
        assert described(weights)["settings"]["encoder"] == config
