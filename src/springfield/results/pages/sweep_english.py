"""What the page of `springfield sweep` says, in English; sweep_russian.py has the same keys."""

ENGLISH = {
    "title": "Sweep: {name}",
    "kicker": "<b>Sweep</b> <span>{data}</span>",
    "head": "{n} trials, and the best recipe",
    "head.one": "1 trial, and its recipe",
    "head.none": "No trial has come to its end yet",
    "deck.judged": "The best of them has a macro-F1 of {macro} ({interval}) on {n} test images that"
    " nothing was chosen by.",
    "deck.judged.one": "The best of them has a macro-F1 of {macro} ({interval}) on 1 test image"
    " that nothing was chosen by.",
    "deck.waiting": "On the validation images, by which it was chosen, the best of them so far has"
    " a macro-F1 of {score}. The test images wait for the end.",
    "deck.gain": "The recipe that was begun with had {first} on the validation images, the best one"
    " {best}; part of that is luck, since the best of many was chosen.",
    "interrupted": "Interrupted; the same command goes on.",
    "fig.test": "macro-F1, test images",
    "fig.validation": "macro-F1, validation images",
    "fig.trials": "trials",
    "fig.pruned": "{n} given up early",
    "fig.pruned.one": "1 given up early",
    "fig.time": "training",
    "progress.title": "Best so far",
    "progress.caption": "<b>Validation macro-F1 of each trial.</b> The line is the best one so far."
    " Open: given up early, with the score that it had by then (at the lower edge: that or less);"
    " red: the best one.",
    "keys.title": "Each key",
    "keys.note": "Keys change together from trial to trial, so a single plot shows no more than"
    " where good trials lie.",
    "best.title": "The best recipe",
    "best.run": "Its trial is a whole run, with scores, page and model:",
    "best.again": "To train with it anew, for longer, or on more images:",
    "best.setting": "{value} instead of {before}",
    "best.same": "{value}, as before",
    "table.title": "All trials",
    "table.caption": "Trials in their order, with the validation macro-F1 of each and the values of"
    " its keys.",
    "table.number": "trial",
    "table.state": "state",
    "table.score": "macro-F1",
    "table.epochs": "epochs",
    "table.time": "training",
    "state.complete": "complete",
    "state.pruned": "given up early",
    "state.diverged": "diverged",
    "state.refused": "could not be trained",
    "state.running": "stopped",
    "method.title": "How it was done",
    "method.split": "The images were shared out once. All trials learn from the same ones and are"
    " compared by the macro-F1 on the same {n} validation images. The test images were opened for"
    " the best one alone, when all trials were done.",
    "method.split.one": "The images were shared out once. All trials learn from the same ones and"
    " are compared on the same validation image. The test images were opened for the best one"
    " alone, when all trials were done.",
    "method.tpe": "The first trial is the recipe that was begun with, as far as the ranges hold its"
    " values; the next few are drawn at random; after that a tree-structured Parzen estimator"
    " (Optuna) proposes values like those of the better trials. A trial is given up when the best"
    " score that it has had lies below the median of the others at the same share of their"
    " training.",
}
