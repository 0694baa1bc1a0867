"""What the page of explanations says, in English; explain_russian.py has the same keys."""

ENGLISH = {
    "title": "Explanations",
    "kicker": "<b>Explanations</b> <span>{run}</span>",
    "head": "What it saw in {n} images",
    "head.one": "What it saw in 1 image",
    "deck": "For each image: the answer, the places that speak for it, those that speak for the"
    " class that comes second, and the training images that the network finds most alike. A heat"
    " map shows what the network used, which need not be what a person would use.",
    "deck.more": " The first {shown} of {n} images are shown here; explanations.csv has all.",
    "legend.weak": "Evidence: none",
    "legend.strong": "strong",
    "fig.images": "images",
    "fig.images.one": "image",
    "fig.sure": "left with one class, at {level}",
    "fig.of": "of {n}",
    "fig.unreadable": "could not be read",
    "unreadable.title": "Could not be read",
    "unreadable.more": "and {n} more, listed in explanations.csv",
    "picture": "The image, as the network sees it but sharper.",
    "heat": "<b>Why {label}:</b> the brighter, the more a place speaks for it.",
    "heat.alt": "Heat map: where it finds {label}",
    "versus": "<b>Why not {other}:</b> <span class='one'>orange</span> speaks for {label},"
    " <span class='other'>blue</span> for {other}.",
    "versus.alt": "Heat map: what speaks for {label} and what for {other}",
    "likely": "Most probable classes",
    "set.alone": "At {level} only {label} remains.",
    "set.some": "One of these {n}, at {level}: {names}.",
    "set.many": "One of {n} classes, at {level}; the likeliest are {names}.",
    "neighbours": "The training images most like it",
    "alike": "similarity {share}",
}
