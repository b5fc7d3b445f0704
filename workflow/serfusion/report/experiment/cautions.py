"""What must not be concluded from an experiment, in sentences chosen by what it was run on."""

from serfusion.report.experiment.results import Results
from serfusion.report.page.protocol import caveats
from serfusion.report.page.wording import listed

FEW_ACTORS = 10
"""Below this many test actors, a bootstrap interval over them is itself uncertain."""


def cautions(results: Results) -> list[str]:
    """Return what must not be concluded; each sentence stands alone."""
    return [
        *_speech(results),
        *_speakers(results),
        *_corpora(results),
        *_emotions(results),
        *_adapted(results),
        "That another training run would give the same figures: each model was trained once in "
        "each fold, and the intervals say what other actors would change, not what another seed "
        "would.",
    ]


def _speech(results: Results) -> list[str]:
    synthetic = caveats(results).synthetic
    if not synthetic:
        return []
    verb = "is" if len(synthetic) == 1 else "are"
    return [f"Anything about human speech: {listed(synthetic)} {verb} synthetic."]


def _speakers(results: Results) -> list[str]:
    audit, actors = results.audit, results.test_actors
    sentences = []
    if audit["optimistic_test"]:
        sentences.append(
            "How well the models do on unseen speakers: the speakers of the test clips are also "
            "in the training data."
        )
    elif audit["optimistic_validation"]:
        sentences.append(
            "How well the models do on unseen speakers, from validation figures: the speakers of "
            "the validation clips are also in the training data."
        )
    if actors < FEW_ACTORS:
        tested = "a single actor was" if actors == 1 else f"only {actors} actors were"
        sentences.append(f"Much about other speakers: {tested} tested, and intervals are rough.")
    return sentences


def _corpora(results: Results) -> list[str]:
    acted = [
        corpus.title
        for corpus in results.experiment.corpora
        if corpus.facts.acted and not corpus.is_synthetic
    ]
    known = caveats(results)
    sentences = []
    if acted:
        sentences.append(
            "That emotions in everyday speech would be recognised as well: in "
            f"{listed(acted)}, they are acted."
        )
    if known.missing:
        verb = "was" if len(known.missing) == 1 else "were"
        sentences.append(
            f"Anything about the whole dataset: {listed(known.missing)} {verb} not available."
        )
    if known.incomplete:
        sentences.append(
            f"Anything about the whole corpus: only {listed(known.incomplete)} were available."
        )
    return sentences


def _emotions(results: Results) -> list[str]:
    folds: dict[str, list[str]] = {}
    for fold in results.audit["folds"]:
        for emotion in fold["not_trained"]:
            folds.setdefault(emotion, []).append(str(fold["fold"]))
    return [
        f"That {emotion} is hard to recognise: fold{'s' * (len(numbers) > 1)} {listed(numbers)} "
        f"{'test' if len(numbers) > 1 else 'tests'} it without a training clip of it, so that no "
        "answer can be right."
        for emotion, numbers in folds.items()
    ]


def _adapted(results: Results) -> list[str]:
    if not results.experiment.adapted:
        return []
    return [
        "That the figures of adapted models hold for a system without clips of its speakers, or "
        "with clips that are alike: such models know unlabelled clips of those that they are "
        "tested on."
    ]
