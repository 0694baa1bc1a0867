"""What the page says of the last layers that were tried, in English."""

ENGLISH = {
    "rebalance.title": "A last layer for rare classes",
    "rebalance.note": "Networks that learn from uneven classes see well and lean towards the"
    " frequent ones in their last layer only (Kang et al. 2020). Others were tried in its place.",
    "rebalance.kept": "The last layer was exchanged ({name}). On {n} validation images its macro-F1"
    " is {gain} points higher if all classes are equally frequent; by chance the best of {tried}"
    " that are no better would gain at most {chance} points in {sure} of cases.",
    "rebalance.plain": "The trained last layer stays. On {n} validation images none of {tried}"
    " others was better beyond chance at {sure} certainty, with its accuracy kept.",
    "rebalance.none": "The trained last layer stays: there is no validation image to compare by.",
    "rebalance.folds": "That is the first fold's choice, and so is the table. Each fold chooses for"
    " itself: in {k} of {total} the last layer was exchanged. The scores are those of all.",
    "rebalance.held_out": "On the held-out images, which had no part in this, accuracy went from"
    " {accuracy_before} to {accuracy} and macro-F1 from {before} to {after}.",
    "rebalance.caption": "Each method at its best strength: 1 is for equally frequent classes, 0"
    " for as frequent as they are; of tau-norm, its exponent. Macro-F1 on the validation images,"
    " each class weighing the same; points gained, give or take what the best of all tries would"
    " gain by chance.",
    "rebalance.method": "last layer",
    "rebalance.parameter": "strength",
    "rebalance.macro_f1": "macro-F1",
    "rebalance.difference": "points",
    "rebalance.bounds": "bounds",
    "rebalance.accuracy": "accuracy",
    "rebalance.verdict": "verdict",
    "rebalance.is.kept": "kept",
    "rebalance.is.beyond": "better",
    "rebalance.is.chance": "chance",
    "rebalance.is.costly": "loses accuracy",
    "rebalance.is.trained": "trained",
    "method.plain": "as trained",
    "method.tau-norm": "weights of even length (τ-norm)",
    "method.logit-adjustment": "logit adjustment",
    "method.nearest-mean": "nearest class mean",
    "method.nearest-direction": "nearest class mean, by angle",
    "method.whitened-means": "nearest class mean, whitened",
    "method.lws": "a factor for each class (LWS)",
    "method.crt": "trained anew on even classes (cRT)",
    "method.crt-maxnorm": "cRT with bounded weights (MaxNorm)",
}
