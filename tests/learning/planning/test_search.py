"""What is proposed, given up and remembered; nothing is trained."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from springfield.errors import OutputError
from springfield.learning.planning.search import DRAWN, Search, Tried, open_search
from springfield.learning.planning.space import Dimension

SPACE = (
    Dimension("training.learning_rate", low=1e-3, high=1e-1, log=True),
    Dimension("training.batch", low=8, high=64, whole=True),
    Dimension("balance.sampling", choices=("natural", "sqrt")),
)
FIRST = {"training.learning_rate": 0.05, "balance.sampling": "sqrt"}


def worth(values: dict[str, float]) -> float:
    """Best at a rate of 1e-2 and natural sampling."""
    away = abs(math.log10(values["training.learning_rate"]) + 2)
    return 1 - away / 2 - 0.1 * (values["balance.sampling"] == "sqrt")


def go_on(search: Search, until: int) -> None:
    """Try out as many in all, ten epochs each."""
    while sum(trial.state != "running" for trial in search.tried()) < until:
        trial = search.next()
        score = worth(trial.params)
        for epoch in range(1, 11):
            if search.report(trial, score * epoch / 10, epoch / 10):
                search.give_up(trial)
                break
        else:
            search.finish(trial, score)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[Tried]:
    with open_search(
        tmp_path_factory.mktemp("search") / "a?b%.db", SPACE, seed=0, first=FIRST
    ) as search:
        go_on(search, 16)
        best = search.best()
        assert best
        assert best.score == max(t.score or 0 for t in search.tried() if t.state == "complete")
        return search.tried()


def test_report__what_has_come_to_its_end_is_not_given_up(tmp_path: Path) -> None:
    with open_search(tmp_path / "a.db", SPACE, seed=0, first=FIRST) as search:
        go_on(search, DRAWN)
        trial = search.next()
        assert search.report(trial, 0.0, 0.9)
        assert not search.report(trial, 0.0, 1.0)


def test_search__begins_with_the_recipe_and_gives_bad_trials_up(undisturbed: list[Tried]) -> None:
    assert undisturbed[0].values.items() >= FIRST.items()
    assert {trial.state for trial in undisturbed} == {"complete", "pruned"}
    assert all(trial.state == "complete" for trial in undisturbed[: DRAWN - 2])
    drawn = [worth(trial.values) for trial in undisturbed[1:DRAWN]]
    told = [worth(trial.values) for trial in undisturbed[DRAWN:]]
    assert sum(told) / len(told) > sum(drawn) / len(drawn)  # it has learned from the first ones


def test_search__goes_on_from_its_file_to_the_same_trials(
    undisturbed: list[Tried], tmp_path: Path
) -> None:
    for until in (2, 7, 16):
        with open_search(tmp_path / "s.db", SPACE, seed=0, first=FIRST) as search:
            go_on(search, until)
            assert search.tried() == undisturbed[:until]


def test_search__a_trial_that_was_stopped_is_the_next_one(tmp_path: Path) -> None:
    with open_search(tmp_path / "s.db", SPACE, seed=0, first=FIRST) as search:
        go_on(search, 1)
        trial = search.next()
        search.report(trial, 0.5, 0.25)
        values = dict(trial.params)
    with open_search(tmp_path / "s.db", SPACE, seed=0, first=FIRST) as search:
        again = search.next()
        assert (again.number, again.params) == (1, values)
        search.report(again, 0.6, 0.25)  # an epoch that is done once more is not told twice
        assert search.tried()[1] == Tried(1, "running", 0.5, values)


def test_search__a_trial_without_a_score_is_never_the_best(tmp_path: Path) -> None:
    with open_search(tmp_path / "s.db", SPACE, seed=0, first=FIRST) as search:
        search.give_up(search.next(), "diverged")
        assert search.best() is None
        assert (search.tried()[0].state, search.tried()[0].score) == ("diverged", None)
        go_on(search, 2)
        best = search.best()
        assert best
        assert best.number == 1


def test_search__another_seed_other_trials(undisturbed: list[Tried], tmp_path: Path) -> None:
    with open_search(tmp_path / "s.db", SPACE, seed=1, first=FIRST) as search:
        go_on(search, 2)
        assert search.tried()[0].values["training.learning_rate"] == 0.05
        assert search.tried()[1].values != undisturbed[1].values


def test_open_search__a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_bytes(b"no data base, but long enough to look like one" * 9)
    with (
        pytest.raises(OutputError, match=r"s\.db: .*; choose another --out"),
        open_search(tmp_path / "s.db", SPACE, seed=0, first=FIRST),
    ):
        pass
