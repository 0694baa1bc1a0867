"""What all pages say, in English; russian.py has the same keys."""

ENGLISH = {
    "skip": "Skip to the content",
    "footer": "Written by Springfield. This page holds everything it shows and asks the network"
    " for nothing.",
    "nav": "Contents",
    "scale.linear": "as they are",
    "scale.log": "logarithmic, to see the tail",
    "count.images": "{n} images",
    "count.images.one": "1 image",
    "count.classes": "{n}&nbsp;classes",
    "count.classes.one": "1&nbsp;class",
    "count.epochs": "{n} epochs",
    "count.epochs.one": "1 epoch",
    "duration.hours": "{hours}&nbsp;h {minutes}&nbsp;min",
    "duration.minutes": "{minutes}&nbsp;min {seconds}&nbsp;s",
    "duration.seconds": "{seconds}&nbsp;s",
    # kinds of issues, and of reasons to leave an image out
    "kind.corrupt": "corrupt",
    "kind.wrong_type": "wrong type",
    "kind.duplicate": "duplicate",
    "kind.near_duplicate": "near duplicate",
    "kind.cross_class_duplicate": "cross-class duplicate",
    "kind.too_small": "too small",
    "kind.too_large": "too large",
    "kind.odd_aspect": "odd aspect",
    "kind.other_class": "class not asked for",
    "kind.suspicious_label": "suspicious label",
    # what the audit says of a file
    "said.size": "{width}x{height}",
    "said.same": "same picture as {path}",
    "said.nearly": "nearly the same picture as {path}",
    "said.looks": "looks more like {label} (evidence {share})",
    "said.named": "a {format} named {ending}",
    "said.empty": "empty file",
    "said.no_image": "not an image",
    "said.nothing_left": "nothing of an image is left in it",
    "said.bands": "damaged head, or bits or bands that are not read; convert it to 8-bit RGB",
    "said.not_regular": "not a regular file",
    "said.link_nothing": "a link to nothing",
    "said.link_folder": "a link to a folder; links are not followed",
    "said.link_out": "a link out of the data folder; copy it there, or list it in a table"
    " path,label",
    "said.name": "its name is not UTF-8; rename it",
    "said.scans": "more than {n} scans in a JPEG",
    "said.zeros": "truncated: the end of the file is filled with zeros",
    "said.truncated": "image file is truncated ({n} bytes not processed)",
    "said.ends": "image file is truncated",
    "said.cut": "Truncated File Read",
    "said.broken": "broken data stream when reading image file",
    "said.unrecognized": "unrecognized data stream contents when reading image file",
    "said.large_file": "file of more than {n} MB",
    "said.vast": "{size} is more than {n} megapixels",
    "said.megapixels": "more than {n} megapixels",
    "said.unread": "cannot be read: {reason}",
    "said.damaged": "damaged: {reason}",
    # how far a class can be judged
    "said.verdict.none": "cannot be judged: no held-out image",
    "said.verdict.image": "cannot be judged: 1 image",
    "said.verdict.picture": "cannot be judged: {n} images of 1 distinct picture",
    "said.provisional.image": "provisional: 1 image",
    "said.provisional.images": "provisional: {n} images",
    "said.provisional.picture": "provisional: {n} images of 1 distinct picture",
    "said.provisional.pictures": "provisional: {n} images of {distinct} distinct pictures",
    "said.folds": "Too few held-out images to be sure of {n} of {classes} classes; training with"
    " --folds {folds} would judge each of their images once.",
    # what the split and the balance say
    "said.lost": "{label} is not learned: none of its files ({n}) can be used ({reason})",
    "said.unused": "{n} of {total} files are not used, most often for this: {reason}",
    "said.shrunk": "half of the images are more than {total} px each way, and all are seen at"
    " {size}: what is smaller than {n} px in them is lost; where that matters,"
    " --set images.size=224 or more",
    "said.joined": "{label}: {n} of its {total} images belong together (near duplicates, or one"
    " group); they stay on one side of the split, and its score hangs on the others",
    "said.similar": "{label} and {other} are two classes, though their names differ in capitals or"
    " blanks alone; if they mean the same, give them one name",
    "said.versions": "{n} images, such as {path}, are versions of others by their names; where they"
    r" differ, only --set split.group_by='(.+)\.rf\.' keeps them on one side of the split",
    "said.excluded": "excluded by {manifest}",
    "said.cap": "over the cap of {n} training images",
    "said.cap_val": "over the cap of {n} validation images",
    "said.largest": "not among the {n} largest",
    "said.rule.none": "no usable picture: not learned",
    "said.rule.one_picture": "1 distinct picture: learned from, cannot be judged",
    "said.rule.folds": "{n} distinct pictures: each is judged once, and learned from in the other"
    " folds",
    "said.rule.shares": "split by the recipe's shares",
    "said.rule": "{n} distinct pictures: {train} train, {val} val, {test} test; provisional",
    "said.by_heart": "{n} classes show each image more than {often} times an epoch, {name} {most}"
    " times: they may be learned by heart; lower balance.threshold or choose sampling 'sqrt'",
    "said.by_heart.one": "{n} class shows each image more than {often} times an epoch, {name}"
    " {most} times: they may be learned by heart; lower balance.threshold or choose sampling"
    " 'sqrt'",
    "said.stacked": "corrections stack: {rare} counts x{total} against {frequent} where x{need}"
    " would be even (sampling x{by_sampling}, weights x{by_weights}, loss x{by_loss}); set"
    " {setting}",
    "said.idle": "sampling alone evens the classes out (x{by_sampling} of x{need}) and leaves"
    " nothing to correct; set {setting}",
    "said.both": "balance.threshold = {threshold} and balance.sampling = '{sampling}' both even"
    " the classes out; one of them is enough",
    "said.tau": "balance.tau = {tau} does nothing: only balance.loss = 'logit-adjusted' reads it",
    "said.beta": "balance.beta = {beta} does nothing: only balance.weights = 'effective' reads it",
    "said.deferred": "balance.deferred = {deferred} does nothing: there is neither sampling nor"
    " weights to begin late",
    "said.width": "network.width = {factor} does nothing: only network.name = 'residual' reads it",
    "said.conv512": "network.conv512 = true does nothing: only network.name = 'original' reads it",
    "said.remix": "augment.remix = true does nothing: neither augment.mixup nor augment.cutmix"
    " mixes images",
    "said.untuned": "without pre-trained weights {keys} change nothing; set network.weights",
    "said.head": "finetune.whole = false fits the network's end alone; {keys} does nothing",
    "said.top": "finetune.top_epochs trains the last layer, too; finetune.head does nothing",
    "said.cosine": "network.cosine = {cosine} does not go with a last layer that is fitted to"
    " features: its lengths and its bias are lost in the first step; set finetune.top_epochs, which"
    " trains one of cosines, or network.cosine = 0",
    "said.unnormalised": "finetune.batch_norm = '{kind}' does nothing: '{network}' has no batch"
    " normalisation",
    "said.soup": "network.combine = 'weights' takes the mean of networks that began with different"
    " weights and so have little in common; set network.weights, or network.combine = 'answers'",
    "said.room": "memory has room for {n} images at a time: the gradients of such parts add up to a"
    " batch of {total}, and batch normalisation and dropout see each part alone",
    "said.ran_out_last": "memory ran out while the classifier was made; it goes on, {n} images at a"
    " time",
    "said.ran_out": "memory ran out in epoch {epoch}; from the last checkpoint on, {n} images at a"
    " time",
    "said.crashed": "the training crashed ({reason}), as TensorFlow may where memory runs out; it"
    " goes on, {n} images at a time",
    "said.killed": "the system ended the training for want of memory; it goes on, {n} images at a"
    " time",
}
