"""Comparisons of a study: models of one or more experiments against a baseline."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Arm:
    """A model of an experiment, as a comparison calls it.

    Attributes
    ----------
    question : str or None
        The question it answers; None of the baseline.
    label, experiment, model : str
    """

    question: str | None
    label: str
    experiment: str
    model: str


@dataclass(frozen=True)
class Question:
    """What a comparison asks, and the arms that answer it."""

    question: str
    note: str | None
    arms: tuple[Arm, ...]


@dataclass(frozen=True)
class Comparison:
    """Models of one or more experiments against a baseline."""

    name: str
    title: str
    baseline: Arm
    questions: tuple[Question, ...]

    @classmethod
    def of(cls, name: str, entry: dict) -> "Comparison":
        """Return the comparison that a resolved entry of `comparisons` describes."""
        return cls(
            name=name,
            title=entry["title"] or name,
            baseline=Arm(question=None, **entry["baseline"]),
            questions=tuple(
                Question(
                    part["question"],
                    part["note"],
                    tuple(Arm(part["question"], **arm) for arm in part["arms"]),
                )
                for part in entry["questions"]
            ),
        )

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The baseline, and then every arm in the order of the questions."""
        return (self.baseline, *(arm for part in self.questions for arm in part.arms))

    @property
    def experiments(self) -> tuple[str, ...]:
        """The experiments that its arms are of, in order."""
        return tuple(dict.fromkeys(arm.experiment for arm in self.arms))
