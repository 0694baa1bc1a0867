"""What the page of `springfield needs` says, in English; needs_russian.py has the same keys."""

ENGLISH = {
    "title": "How many images: {name}",
    "kicker": "<b>How many images?</b> <span>{data}</span>",
    "head": "About {n} images per class for {target}",
    "head.one": "About 1 image per class for {target}",
    "head.more": "More than {n} images per class for {target}",
    "out.head": "More images alone will hardly reach {target}",
    "frozen.head": "The quick answer ends below {target}",
    "head.interrupted": "Interrupted before there was a curve",
    "head.unknown": "Too few images for a learning curve",
    "needed": "A mean recall of {target} takes about {n} training images per class ({low} to"
    " {high}).",
    "needed.one": "A mean recall of {target} takes about 1 training image per class ({low} to"
    " {high}).",
    "above": "more than {n}",
    "or_more": "{low} or more",
    "fewer": "{n} classes have fewer: {names}.",
    "fewer.one": "1 class has fewer: {names}.",
    "fewer.none": "Every class has as many.",
    "frozen.fewer": "Every class has as many, but as a lower bound that does not show that they"
    " suffice.",
    "and_more": "and {n} more",
    "more": "A mean recall of {target} takes more than {n} training images per class, four times"
    " what the largest class was trained with; so far out no number can be trusted.",
    "out.words": "More images alone will hardly reach a mean recall of {target}: the curve levels"
    " off at {limit} ({low} to {high}). Cleaner labels, larger images or another recipe may lift"
    " it.",
    "frozen.words": "The last layers of this quick answer level off at a mean recall of {limit}"
    " ({low} to {high}), below {target}, because its features stay as they are. What more images"
    " do shows without --quick.",
    "unknown": "A curve takes three budgets of images per class or more; there are not enough"
    " images for that, or the trainings are not done.",
    "rule": "At {n} images per class, the least that the project Springfield started from advised,"
    " the curve gives a mean recall of {recall} ({low} to {high}).",
    "lower": "This quick answer is a lower bound below the number of images there are, and an"
    " upper bound beyond it.",
    "interrupted": "Interrupted; the same command goes on.",
    "folder": "In the folder that is about {n} images per class, of which {share} are learned"
    " from.",
    "folder.one": "In the folder that is about 1 image per class, of which {share} is learned"
    " from.",
    "fig.now": "mean recall at the largest budget",
    "frozen.now": "mean recall, last layer on half the images",
    "fig.needed": "images per class for {target}",
    "fig.classes": "classes have as many",
    "fig.of": "of {n}",
    "fig.hidden": "off, where it was tried",
    "fig.hidden.below": "median, in points",
    "curve.title": "Learning curve",
    "curve.note": "How recall grows with the number of training images of each class.",
    "curve.caption": "<b>Mean recall against training images per class.</b> Points were measured"
    " (open where some classes had fewer images), with the 95% interval of the held-out images;"
    " the line is the fitted curve with its band, dashed where nothing was measured; red is the"
    " target and the number that reaches it. Grey lines are the classes.",
    "curve.table": "Mean recall after each budget. A class with fewer images keeps what it has.",
    "curve.budget": "images per class, at most",
    "curve.whole": "classes with as many",
    "curve.recall": "mean recall",
    "curve.interval": "95% interval",
    "classes.title": "Each class",
    "classes.note": "A class with few points borrows the shape of its curve from the others.",
    "frozen.caption": "Training images that each class has, its recall when the last layer learned"
    " from half of them and the network from the other half, and how many it takes for a recall of"
    " {target}.",
    "classes.caption": "Training images that each class has, its recall at the first budget"
    " that has all of them, and how many it takes for a recall of {target}.",
    "classes.name": "class",
    "classes.images": "has",
    "classes.recall": "recall",
    "classes.curve": "curve",
    "classes.needs": "needs",
    "classes.interval": "95% interval",
    "classes.verdict": "verdict",
    "verdict.enough": "enough",
    "verdict.missing": "{n} more",
    "frozen.lower": "at least that many",
    "frozen.upper": "at most {n} more",
    "verdict.far": "more than {n} in all",
    "verdict.out": "out of reach: at most {limit}",
    "verdict.unjudged": "cannot be judged: no held-out image",
    "verdict.unknown": "too few budgets",
    "hidden.title": "Tried on itself",
    "hidden.note": "The largest budget was hidden and predicted from the smaller ones.",
    "hidden.words": "The mean recall with {n} images in the largest class was predicted as"
    " {predicted} ({low} to {high}); measured: {measured}.",
    "hidden.classes": "Of {n} predictions, for the mean and for each class with ten or more"
    " held-out images, {covered} of the intervals held what was measured; the median error is"
    " {error} points.",
    "hidden.hurried": "The largest budget had {n} epochs only. More minutes would show more of what"
    " its images are good for: --set training.minutes={minutes} or more, with another --out.",
    "hidden.none": "There are too few budgets to hide one.",
    "hidden.caption": "Recall of each class with all its images, predicted from fewer and"
    " measured.",
    "hidden.images": "images",
    "hidden.predicted": "predicted",
    "hidden.interval": "95% interval",
    "hidden.measured": "measured",
    "hidden.error": "points off",
    "hidden.inside": "inside",
    "hidden.yes": "yes",
    "hidden.no": "no",
    "method.title": "How it was done",
    "method.split": "The images were shared out once. Every training is judged by the same {n}"
    " held-out images; near duplicates stand on one side.",
    "method.recall": "Mean recall counts every class the same, however many images it has. All"
    " classes are taken to be equally likely when an answer is chosen, so that a curve shows the"
    " number of images of a class and not its share.",
    "method.budgets": "Each budget is a training of its own with your recipe. Its minutes are"
    " shared in proportion to the square root of the images: twice the images have 1.4 times the"
    " steps and 0.7 times the epochs. Where the recipe names its epochs, each has as many. No"
    " more validation images of a class watch a budget than it learns from. More minutes lift the"
    " whole curve.",
    "method.quick": "For this quick answer one network learned from half of the training images,"
    " and last layers from the other half, which it had not seen: with few images of each class,"
    " and with more. Its features know the classes already, so with fewer images than there are a"
    " real training does worse: the answer is a lower bound. More images would improve the"
    " features too, which here stay as they are: beyond the images there are it is an upper bound.",
    "method.fit": "The curve is an inverse power law, a − b·n<sup>−c</sup>. All classes share its"
    " exponent; level and slope of each are its own as far as the points tell classes apart. The"
    " intervals have in them the luck of the held-out images, that of a training, and what the"
    " points leave open of the curve, so they widen beyond what was measured.",
}
