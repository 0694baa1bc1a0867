"""What the page says of the networks that a classifier was combined of, in English."""

ENGLISH = {
    "members.title": "The networks it is made of",
    "members.note": "Networks that err at different images err less together.",
    "members.dealt": "The training images were dealt into as many parts as there are networks,"
    " near-duplicates always into the same one. Each network learned from all parts but its own,"
    " which chose the epoch that was kept.",
    "members.answers": "The {n} networks answer together: before they become probabilities, their"
    " answers are averaged.",
    "members.weights": "The mean of the weights of all {n} is the network that answers.",
    "members.missing": "So far {n} of {count} have been trained, and the answers are theirs.",
    "members.missing.one": "So far there is only 1 of {count}, and the answers are its own.",
    "members.scores": "On the {n} validation images, which none of them saw, their macro-F1 lies"
    " between {low} and {high} alone and is {together} together.",
    "members.scores.one": "On the 1 validation image, which none of them saw, their macro-F1 lies"
    " between {low} and {high} alone and is {together} together.",
    "members.caption": "Each network on its own part of the training images, after its best epoch,"
    " and on the validation images; in the last row all as one, with the last layers they learned.",
    "members.member": "network",
    "members.train": "learned from",
    "members.watched": "its own part",
    "members.epochs": "epochs",
    "members.watched_macro_f1": "macro-F1 there",
    "members.macro_f1": "macro-F1 in validation",
    "members.together": "together",
    "deck.stopped_members": "Training was interrupted with {n} of {count} networks there; this is"
    " what they had learned.",
    "deck.stopped_members.one": "Training was interrupted with 1 of {count} networks there; this is"
    " what it had learned.",
    "fig.members": "{epochs} in each of {n} networks",
    "fig.members.one": "{epochs} in 1 network",
    "training.members": "Shown is the first of {n} networks; its validation images are its own part"
    " of the training images. The time is that of all.",
    "network.members": " {n} such networks stand side by side; one is drawn, up to where they are"
    " joined.",
}
