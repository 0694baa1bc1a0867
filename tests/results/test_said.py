from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest

from springfield.images.catalog import Catalog
from springfield.images.issues import find_issues
from springfield.images.scan import scan
from springfield.images.select import JOINED, LOST, SIMILAR, VERSIONS
from springfield.images.split import SMALL_CLASS, fold_rule_words, part_rule_words
from springfield.learning.examples.balance import cap_training, cap_validation
from springfield.learning.examples.guard import (
    balance_warnings,
    idle_warnings,
    network_warnings,
    tuning_warnings,
)
from springfield.recipe import Balance, Images, Network, load_recipe
from springfield.results.metrics import verdict_of
from springfield.results.page.english import ENGLISH
from springfield.results.page.russian import RUSSIAN
from springfield.results.page.said import said
from springfield.results.page.words import Words
from springfield.verbs.within import CRASHED, FITTING, KILLED, RAN_OUT, RAN_OUT_LAST

IN_ENGLISH, IN_RUSSIAN = Words(ENGLISH), Words(RUSSIAN, language="ru")


def english_left(text: str) -> list[str]:
    """English words in a Russian sentence, names of files, keys and classes aside."""
    known = "TensorFlow|JPEG|PNG|GIF|UTF|sampling|owl|hen|true|false|path,label|set"
    names = rf"[\w-]+(/|\.|_)\S+|'[\w-]+'|\.\w+|\b({known})\b|&nbsp;"
    return re.findall(r"[A-Za-z]{2,}", re.sub(names, "", text))


def check(sentences: set[str]) -> None:
    for sentence in sentences:
        assert said(sentence, IN_ENGLISH).replace("&#x27;", "'") == sentence
        assert english_left(said(sentence, IN_RUSSIAN).replace("&#x27;", "'")) == []


@pytest.mark.parametrize("n", [0, *SMALL_CLASS, 11])
def test_said__what_becomes_of_a_small_class(n: int) -> None:
    check({part_rule_words(n), fold_rule_words(n)})


@pytest.mark.parametrize("n", [0, 1, 3, 9, 22, 31])
def test_said__how_far_a_class_can_be_judged(n: int) -> None:
    check({verdict_of(n, distinct) for distinct in {min(1, n), min(4, n), n}} - {"ok"})
    check({verdict_of(0, 0, n)})


def test_said__what_the_audit_finds(tiny_copy: Path) -> None:
    barn = tiny_copy / "barn"
    (barn / "empty.jpg").touch()
    (barn / "words.jpg").write_text("no picture at all")
    (barn / "zeros.jpg").write_bytes((barn / "000.jpg").read_bytes()[:900] + bytes(900))
    (barn / "copy.jpg").write_bytes((barn / "002.jpg").read_bytes())
    (barn / "003.jpg").rename(barn / "003.png")
    (barn / "nothing.jpg").symlink_to(barn / "gone.jpg")
    (barn / "mill.jpg").symlink_to(tiny_copy / "mill")
    (barn / "out.jpg").symlink_to(__file__)
    Path(os.fsdecode(bytes(barn) + b"/\xff.jpg")).write_bytes(b"")
    catalog, _ = scan(tiny_copy, progress=False)
    catalog = catalog.with_columns(group=np.unique(catalog["sha256"], return_inverse=True)[1])
    issues = find_issues(catalog, Images(max_side=90))
    assert len({issue.kind for issue in issues}) >= 5
    check({issue.detail for issue in issues})


def test_said__what_the_balance_does() -> None:
    for balance in (
        Balance(threshold=60, sampling="sqrt"),
        Balance(weights="inverse", loss="balanced-softmax"),
        Balance(sampling="uniform", weights="inverse", loss="balanced-softmax"),
    ):
        warnings = balance_warnings({"owl": 2, "hen": 60}, balance)
        assert warnings
        check(set(warnings))
    check(set(network_warnings(Network(members=2, combine="weights"))))
    vain = ("balance.tau=2.0", "balance.deferred=0.5", "augment.remix=true")
    check(set(idle_warnings(load_recipe("default", vain))))
    elsewhere = ("network.name=resnet32", "network.width=1.5", "network.conv512=true")
    check(set(idle_warnings(load_recipe("default", elsewhere))))
    for settings in (
        ("finetune.thaw=0.5", "finetune.head=true"),
        ("network.name=mobilenetv2", "network.weights=imagenet", "network.cosine=30",
         "finetune.head=true"),
        ("network.name=convnext-tiny", "network.weights=imagenet", "finetune.whole=false",
         "training.epochs=3", "finetune.batch_norm=frozen", "finetune.head=true",
         "finetune.top_epochs=3"),
    ):  # fmt: skip
        warnings = tuning_warnings(load_recipe("default", settings))
        assert warnings
        check(set(warnings))
    columns = {name: np.array(["a", "b"]) for name in ("path", "label")}
    catalog = Catalog(
        Path(),
        {**columns, "label": np.array(["owl", "owl"]), "part": np.array(["train", "train"]),
         "reason": np.array(["", ""]), "group": np.array([0, 1])},
    )  # fmt: skip
    check(set(cap_training(catalog, 1, seed=0)["reason"].tolist()) - {""})
    watched = catalog.with_columns(part=np.full(len(catalog), "val"))
    check(set(cap_validation(watched, 1, seed=0)["reason"].tolist()) - {""})


@pytest.mark.parametrize(
    ("sentence", "russian"),
    [
        ("not among the 20 largest", "не из 20 самых больших"),
        ("same picture as a/1.jpg", "то же изображение, что и a/1.jpg"),
        ("1024x768", "1\u202f024&nbsp;×&nbsp;768"),
        ("looks more like owl (evidence 0.65)", "больше похоже на owl (сила подозрения 0,65)"),
        ("more than 100 scans in a JPEG", "в JPEG больше 100 проходов"),
        ("excluded by a: b.csv", "исключено по списку a: b.csv"),
        (
            "damaged head, or bits or bands that are not read; convert it to 8-bit RGB",
            "начало файла испорчено, либо такие биты или каналы не читаются; переведите его в"
            " 8-битный RGB",
        ),
        (
            "image file is truncated (23 bytes not processed)",
            "файл обрывается (23 байта не прочитано)",
        ),
        ("a <thing> nobody foresaw", "a &lt;thing&gt; nobody foresaw"),
    ],
)
def test_said__in_russian(sentence: str, russian: str) -> None:
    assert said(sentence, IN_RUSSIAN) == russian


def test_said__what_a_training_cannot_learn_or_hold() -> None:
    check({LOST.format(label="owl", n=3, reason="owl")})
    check({JOINED.format(label="owl", n=7, total=12)})
    check({SIMILAR.format(label="owl", other="hen"), VERSIONS.format(n=3, path="owl/1.jpg")})
    check({FITTING.format(n=8, total=32), RAN_OUT.format(n=4, epoch=3), KILLED.format(n=1)})
    check({RAN_OUT_LAST.format(n=4), CRASHED.format(n=8, reason="owl")})
