"""What the page of `springfield rate` says, in English; rate_russian.py has the same keys."""

ENGLISH = {
    "rates.name": "Learning rate: {name}",
    "rates.kicker": "<b>Learning rate</b> <span>{data}</span>",
    "rates.head": "Learning rate {rate}",
    "rates.deck": "The loss falls fastest at {low} and begins to rise at {high}. A whole training"
    " tolerates a lower rate than a few steps do, so the peak of its learning rate is a quarter of"
    " the latter.",
    "rates.fig.rate": "learning rate",
    "rates.fig.low": "the loss falls fastest",
    "rates.fig.high": "it begins to rise",
    "rates.fig.steps": "steps of {n} images",
    "rates.title": "Range test",
    "rates.note": "A network of its own is trained for a moment, the rate a little higher at each"
    " step.",
    "rates.caption": "<b>Range test.</b> The loss of each step's batch (grey) and its mean over the"
    " neighbours (blue), while the learning rate rises. The band runs from where the loss falls"
    " fastest, {low}, to where it begins to rise, {high}; red is what was chosen, a quarter of"
    " that.",
    "use.title": "To train with it",
    "use.words": "The rate belongs to these images and to this recipe. Another network, batch"
    " or optimizer has another one.",
}
