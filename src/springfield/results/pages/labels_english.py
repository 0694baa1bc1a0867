"""What the page of doubtful labels says, in English; labels_russian.py has the same keys."""

ENGLISH = {
    "title": "Labels in doubt",
    "kicker": "<b>{name}</b> <span>Labels in doubt</span> <span>{data}</span>",
    "head": "{n} labels to look at",
    "head.one": "1 label to look at",
    "head.none": "No label is in doubt",
    "head.unheard": "Too few images to doubt a label",
    "deck": "Of {judged} images that the network did not learn from, these bear a label that it and"
    " the training images most like them speak against. Look at each, choose what to exclude, and"
    " save the choice: a table that <code>--exclude</code> takes. Nothing is deleted.",
    "deck.none": "Of {judged} images that the network did not learn from, none bears a label that"
    " it and the training images most like it speak against.",
    "deck.unheard": "Only {judged} images were not learned from, too few to doubt a label.",
    "more": "The first {shown} of {n} are shown here; <code>suspicious.csv</code> has all,"
    " strongest first, and can itself be given to <code>--exclude</code>.",
    "trust.title": "How often it is right",
    "trust.often": "In trials with real pictures of 14 classes, of which 2 in 100 had been given a"
    " wrong label, half of the listed labels were wrong ones where the network named 72% of the"
    " images rightly, and three quarters where it named 95%; of the wrong labels, 44% and 94% were"
    " listed. Where every label is right it still lists about 1 image in 100, the odd ones.",
    "trust.rare": "A label is compared with what images of its class usually get from the network,"
    " so that a rare class, of which it is never sure, is not accused for being rare.",
    "trust.training": "The training images are not judged: the network knows their labels by heart,"
    " right or wrong. With <code>--folds 5</code> every image is judged, by a network that has not"
    " seen it.",
    "trust.folds": "Each of the {judged} images was judged by a network that had not seen it.",
    "looks": "looks like <b>{other}</b>",
    "says": "The network gives <b>{label}</b> {own}, where images of that class usually get"
    " {usual}; it gives <b>{other}</b> {share}. Of the {near} training images most like it,"
    " {k_other} are {other} and {k_own} {label}.",
    "nearest": "Training images of {label} most like it",
    "choice": "What becomes of {path}",
    "keep": "Keep",
    "exclude": "Exclude",
    "bar": "To exclude: {k} of {n}",
    "bar.save": "Save manifest.csv",
    "bar.all": "Exclude all",
    "bar.nothing": "Keep all",
    "next.title": "What comes next",
    "next.command": "Train again without them, with the saved table beside you. A line taken out of"
    " it brings an image back.",
    "next.scores": "They are then not tested either, and what this network names wrongly is doubted"
    " first: the next score may be a little higher for that alone.",
    "next.carried": "The table also holds the {n} images that this run was trained without.",
    "next.carried.one": "The table also holds the image that this run was trained without.",
}
