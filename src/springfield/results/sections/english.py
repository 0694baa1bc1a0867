"""What the page of a run says, in English; russian.py has the same keys."""

ENGLISH = {
    # headline
    "kicker": "<b>{name}</b> <span>{data}</span> <span>{images} in {classes}</span>",
    "head.judged": "Right {accuracy} of the time on images it never saw",
    "head.training": "Still in training",
    "head.interrupted": "Interrupted, and ready to go on",
    "head.finished": "Trained, not yet judged",
    "deck.judged": "Out of {n} held-out images the classifier named {right} correctly; with other"
    " images of the same kind the share would lie between {low} and {high}. Averaged over classes,"
    " each counting the same however rare, its F1 is {macro}. {classes}",
    "deck.folds": "{n} images were judged, each by a network that had not seen it, and {right} of"
    " them named correctly; with other images of the same kind the share would lie between {low}"
    " and {high}. Averaged over classes, each counting the same however rare, the F1 is {macro}."
    " {classes}",
    "deck.all": "Every class had held-out images to be judged by.",
    "deck.some": "{judged} of {n} classes could be judged; the others had no held-out image.",
    "deck.stopped": "Training was interrupted after {n} epochs; this is what it had learned by"
    " then.",
    "deck.stopped.one": "Training was interrupted after 1 epoch; this is what it had learned by"
    " then.",
    "deck.stopped_fold": "Training was interrupted in fold {fold} of {count}; this is what had been"
    " learned by then.",
    "deck.unfinished": "Epochs trained so far: {n}. Scores on held-out images come with the end"
    " of training; until then the last figures on the validation images are all there is.",
    "deck.go_on": "Go on with <code>springfield resume {run}</code>.",
    "fig.accuracy": "accuracy",
    "fig.macro_f1": "macro-F1",
    "fig.classes": "classes judged",
    "fig.of": "of {n}",
    "fig.time": "training time",
    "fig.head": "the end of the network alone",
    "fig.folds": "{epochs} in each of {n} folds",
    "fig.folds.one": "{epochs} in 1 fold",
    "fig.val_accuracy": "validation accuracy",
    "fig.val_macro_f1": "validation macro-F1",
    # tail
    "tail.title": "The long tail",
    "tail.note": "Classes by the number of images they were learned from.",
    "tail.caption": "<b>Each dot is a class.</b> Its height is the F1 score on held-out images,"
    " the line through it the 95% interval: the fewer images judged it, the longer the line."
    " The weakest classes are named.",
    "tail.table": "The same by size of class. Many: more than {many} training images. Medium: {few}"
    " to {many}. Few: fewer than {few}. Macro-F1 averages the classes that can be judged.",
    "tail.group": "training images",
    "tail.many": "many",
    "tail.medium": "medium",
    "tail.few": "few",
    "tail.classes": "classes",
    "tail.judged": "judged",
    "tail.n": "held-out images",
    "tail.accuracy": "accuracy",
    "tail.macro_f1": "macro-F1",
    "tail.interval": "95% interval",
    # classes
    "classes.title": "Class by class",
    "classes.note": "Click a heading to sort. Intervals of 95% are wide where a class is judged by"
    " three images; they tell the luck of the images, not that of the training.",
    "classes.caption": "Scores on held-out images. The bar runs from 0 to 1 and shows F1 with its"
    " interval.",
    "classes.name": "class",
    "classes.train": "train",
    "classes.n": "held out",
    "classes.precision": "precision",
    "classes.recall": "recall",
    "classes.f1": "F1",
    "classes.interval": "95% interval",
    "classes.verdict": "verdict",
    "verdict.ok": "judged",
    # folds
    "folds.title": "How it was judged",
    "folds.note": "Cross-validation: every image is held out once.",
    "folds.says": "The images were dealt into {n} folds, near-duplicates always into the same one."
    " For each fold a network was trained on all the others and judged by that fold alone. So every"
    " image is judged exactly once, by a network that had not seen it, and a class of 3 images by"
    " all 3; only a class of a single picture is learned from and never judged. The scores on this"
    " page are those of all folds together.",
    "folds.missing": "So far {n} of them have been trained.",
    "folds.missing.one": "So far 1 of them has been trained.",
    "folds.classifier": "The classifier in this folder is that of fold {fold}, and so are the"
    " training shown below and the parts the images went to.",
    "folds.caption": "Each fold on its own. Its macro-F1 averages the classes that it has images"
    " of.",
    "folds.fold": "fold",
    "folds.n": "images",
    "folds.accuracy": "accuracy",
    "folds.macro_f1": "macro-F1",
    # training
    "training.title": "How it learned",
    "training.caption": "<b>Training.</b> {epochs} in {time}. {seen} {best}",
    "training.plain": "Grey: the training images, which were not varied.",
    "training.seen": "Grey: the training images as the network saw them, varied, so that it can"
    " score lower there than on the untouched validation images.",
    "training.sides": "The first epochs learned from small images ({first} × {first}), the last"
    " ones from whole ones ({last} × {last}). Validation images are always whole, so the first"
    " scores are low.",
    "training.varied": "In so few epochs images were varied {share} as far as in {n} or more.",
    "training.unvaried": "Grey: the training images, in so few epochs flipped at most; in {n} or"
    " more they are varied as far as the recipe says.",
    "training.best": "Best validation macro-F1: {best} after epoch {epoch}.",
    "training.validated": "Validated every {n} epochs, and after the first and the last one.",
    "training.head": "First the end of the network was fitted, in {time}, to what the pre-trained"
    " rest of it sees in each image.",
    "training.head.score": "With it the network reached a validation macro-F1 of {macro}.",
    "training.head.only": "Nothing else was trained: all below is as others left it.",
    # confusion
    "confusion.title": "Who is taken for whom",
    "confusion.note": "Classes from the most training images to the fewest.",
    "confusion.caption": "<b>Confusion matrix.</b> A row holds the held-out images of one class"
    " and a column those that got one answer. Blue: right. Red: mistaken, the stronger the larger"
    " its share of the row. Where there is room, a cell says how"
    " many images it holds; point at it for the share.",
    "confusion.most": "Most frequent mistakes",
    "confusion.pair": "{truth} taken for <span class='wrong'>{answer}</span>: {k} of {n}",
    # mistakes
    "mistakes.title": "Its worst mistakes",
    "mistakes.note": "The wrong answers it was surest of, at most two of a kind. A wrong label"
    " in the data shows up here too.",
    "mistakes.card": "<b>{truth}</b> taken for <span class='wrong'>{answer}</span>, {sure}",
    "mistakes.none": "No held-out image was answered wrongly.",
    "mistakes.alt": "{path}: {truth} taken for {answer}",
    "mistakes.heat": "Beside each image: where it finds the class it named, and where the true one."
    " The brighter a place, the more it speaks for the class; both on one scale.",
    "mistakes.for": "for {label}",
    "mistakes.where": "Heat map: where it finds {label}",
    # labels
    "labels.title": "Labels in doubt",
    "labels.note": "Where a network has learned from an image, it knows the label by heart and"
    " cannot judge it.",
    "labels.some": "{n} held-out images bear a label that the network and the training images most"
    " like them speak against. Some will be right. {page}",
    "labels.some.one": "1 held-out image bears a label that the network and the training images"
    " most like it speak against. It may be right. {page}",
    "labels.none": "No held-out image bears a label that both the network and the training images"
    " most like it speak against. {page}",
    "labels.unheard": "Only {judged} images were not learned from: too few to doubt labels. {page}",
    "labels.look": "Look at them and choose what to exclude.",
    "labels.how": "How labels are judged.",
    "labels.card": "<b>{label}</b>, looks like <span class='wrong'>{other}</span>",
    "labels.alt": "{path}: {label}",
    # background
    "background.title": "Named by what they are, or by where they stand?",
    "background.note": "After Xiao et al. 2021, “Noise or Signal”. A class whose background alone"
    " is enough will fail where that background is missing.",
    "background.says": "Of {n} held-out images that it named rightly, {alone} keep their name when"
    " the figure is painted over, and {figure} when nothing but the figure is left.",
    "background.how": "At most {each} images a class were tried. The figure was found without any"
    " label, by colour and by where the evidence lies (GrabCut), which does not always succeed:"
    " where a part of the figure stays, a class looks more reliant on its background than it is."
    " Images without any background, such as textures and close-ups, cannot be judged this way.",
    "background.missing": " {n} classes have fewer than {fewest} such images and are not judged.",
    "background.missing.one": " 1 class has fewer than {fewest} such images and is not judged.",
    "background.none": "No class has as many as {fewest} rightly named held-out images whose figure"
    " could be told from its background; nothing can be said.",
    "background.example": "<b>{label}</b>: an image, its background alone, its figure alone. The"
    " background alone was enough for {k} of {n}.",
    "background.caption": "Share of rightly named images that keep their name. Red: background"
    " alone; blue: figure alone. Where other classes' backgrounds get the name about as often, it"
    " is what the classifier says of anything, rather than what it knows of that background.",
    "background.elsewhere": "others' backgrounds",
    "background.class": "class",
    "background.n": "images",
    "background.alone": "background alone",
    "background.bar": "0 to 100%",
    "background.figure": "figure alone",
    # calibration
    "calibration.title": "Can its confidence be believed?",
    "calibration.says": "Its stated confidence lies {ece} points from how often it is right, on"
    " average (the expected calibration error). {lean} The log loss is {loss} nats an image.",
    "calibration.too_sure": "On the whole it is more certain than it is right: {sure} sure,"
    " {right} right.",
    "calibration.too_shy": "On the whole it is more often right than it claims: {right} right,"
    " {sure} sure.",
    "calibration.caption": "<b>Calibration.</b> Above the dashed line it is right more often than"
    " it says, below less often. Bars: how many images.",
    "calibration.temperature": "Its logits were divided by {t}, a temperature fitted on the"
    " validation images; 1 would have changed nothing.",
    # sets
    "sets.title": "Sets that hold the right class",
    "sets.note": "Where one answer is not safe, it can name a few. What is promised was fitted on"
    " validation images, and holds for each class with nine or more different ones. With fewer, n,"
    " it is n times in n + 1; to a class that has none, nothing is promised.",
    "sets.says": "The sets are to hold the right class {level} of the time. On {n} held-out images"
    " they did {coverage} of the time, with {size} classes in a set on average.",
    "sets.caption": "Coverage: how often the set held the right class. The fewer images judged it,"
    " the more it varies by chance.",
    "sets.class": "class",
    "sets.n": "held out",
    "sets.coverage": "coverage",
    "sets.size": "classes in a set",
    "sets.from": "threshold",
    "sets.own": "its own",
    "sets.shared": "shared with other small classes, or lower",
    "sets.always": "none: too few images, or too hard, so it is in every set",
    # data
    "data.title": "The images, and where they went",
    "data.caption": "<b>Images per class.</b> From {most} to {least} images, an imbalance of"
    " {ratio} to 1. Near-duplicates always stay on one side.",
    "left_out.title": "What was left out",
    "left_out.note": "Nothing was deleted or changed in the folder.",
    "left_out.none": "Nothing: every image took part.",
    "left_out.some": "{n} images took no part.",
    "left_out.some.one": "1 image took no part.",
    "left_out.group": "{reason}: {images}",
    "left_out.more": "and {n} more, listed in catalog.csv",
    "small.title": "Rules for small classes",
    "small.note": "A class of a few distinct pictures cannot be shared out by percentages.",
    "small.none": "No class needed one: each has more than ten distinct pictures.",
    "balance.title": "Balance",
    "balance.note": "Evened out after the split, on training images only.",
    "balance.cap": "cap",
    "balance.cap.off": "none: all training images are used",
    "balance.cap.on": "at most {n} training images a class; classes cut: {k}",
    "balance.threshold": "threshold",
    "balance.threshold.off": "none: no class is raised by copies",
    "balance.threshold.offline": "smaller classes are raised to {n} by copies made once, before"
    " training, with Keras' own layers; classes raised: {k}",
    "balance.threshold.on": "smaller classes are raised to {n} by augmented copies;"
    " classes raised: {k}",
    "balance.sampling": "sampling",
    "balance.sampling.natural": "natural: each image is seen once an epoch",
    "balance.sampling.sqrt": "square root: a class is seen as often as the root of its size",
    "balance.sampling.uniform": "uniform: each class is seen equally often",
    "balance.sampling.progressive": "progressive: natural at first, uniform in the last epoch"
    " (Kang et al. 2020)",
    "balance.weights": "weights",
    "balance.weights.none": "none: each image seen counts the same",
    "balance.weights.inverse": "inverse to the frequency: each class counts the same in all",
    "balance.weights.effective": "by the effective number of images: the more a class has, the less"
    " another one adds (Cui et al. 2019)",
    "balance.loss": "loss",
    "balance.loss.cross-entropy": "cross-entropy",
    "balance.loss.focal": "focal: what is well classified already counts less (Lin et al. 2017)",
    "balance.loss.ldam": "LDAM: the rarer a class, the wider the margin it must win by (Cao et al."
    " 2019)",
    "balance.loss.balanced-softmax": "balanced softmax: learns what speaks for a class beyond its"
    " frequency (Ren et al. 2020)",
    "balance.loss.logit-adjusted": "logit adjustment by {tau}: learns what speaks for a class"
    " beyond its frequency (Menon et al. 2021)",
    "balance.deferred": "deferral",
    "balance.deferred.on": "sampling and weights begin after {share} of the epochs",
    # network
    "network.title": "The network",
    "network.caption": "<b>Structure.</b> Each plate is the output of a stage, as tall as the"
    " picture is there and as thick as it has channels. {parameters}{flops}",
    "network.parameters": "{n} weights in all.",
    "network.flops": " {n} million operations for one image.",
    # warnings
    "warnings.title": "Warnings",
    # making
    "making.title": "How it was made",
    "making.note": "The second command writes out what was measured here, so that a slower"
    " or faster day changes nothing.",
    "making.command": "The command",
    "making.again": "To do it again",
    "making.recipe": "Where the recipe differs from the default",
    "making.same": "Nowhere: this is the default recipe.",
    "making.setting": "{value} instead of {default}",
    "making.digest": "digest of the split",
    "making.data": "data",
    "making.size": "image size",
    "making.size.value": "{size} × {size} pixels, {fit}",
    "making.precision": "precision",
    "making.parameters": "weights",
    "making.version": "Springfield",
    "making.seed": "seeds",
    "making.seed.value": "split {split}, training {training}",
    "making.speed": "speed",
    "making.speed.value": "{n} images a second",
    "making.facts": "Facts",
}
