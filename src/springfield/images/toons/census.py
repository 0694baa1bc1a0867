"""Census: who lives in Toonville, and how many pictures of each there are at scale 1.

The counts are those of the 42 classes of the data set where Springfield started, one to one
(`docs/toonville.md` lists the pairs); the people, their looks and their names are invented.
"""

from __future__ import annotations

TOWNSFOLK: dict[str, int] = {
    "alma_thistle": 1291,
    "amos_quillfeather": 1342,
    "barnaby_crumb": 103,
    "bertil_knapp": 98,
    "bruno_tackett": 1454,
    "cora_plumley": 457,
    "cosmo_farrow": 65,
    "della_pomfret": 71,
    "desmond_okoro": 623,
    "dottie_marl": 17,
    "edda_fennimore": 1193,
    "ewan_brackwater": 128,
    "fergus_dunmore": 246,
    "flora_pomfret": 106,
    "gideon_spratt": 469,
    "greta_lindqvist": 42,
    "hollis_pepperell": 2246,
    "hugo_marchbanks": 1354,
    "ignatz_bell": 8,
    "imogen_tuck": 121,
    "jasper_lowe": 310,
    "jonah_pettibone": 72,
    "kirby_wexler": 986,
    "lucius_vane": 1194,
    "mabel_oyelaran": 89,
    "magnus_hearth": 498,
    "milo_finch": 913,
    "nestor_galvan": 27,
    "odalys_reyes": 181,
    "old_pim": 3,
    "opal_winterbourne": 8,
    "otis_grubb": 1079,
    "percival_stokes": 877,
    "quentin_moss": 358,
    "rafi_zaman": 47,
    "rosalind_achebe": 1206,
    "silas_hobbs": 1452,
    "tansy_merriweather": 40,
    "theo_castellan": 45,
    "ursa_halloran": 55,
    "viggo_strom": 27,
    "zeb_tuttle": 32,
}


def pictures_of(count: int, scale: float) -> int:
    """How many of a class's `count` pictures are drawn at `scale`: never none, 3 if there are 3.

    A single picture could be learned from but not judged by, and the rarest have three at scale 1.
    """
    return max(round(scale * count), min(3, count))


def all_jobs(scale: float) -> list[tuple[str, int]]:
    """Class and number of every picture at that scale."""
    return [(n, k) for n, count in TOWNSFOLK.items() for k in range(pictures_of(count, scale))]
