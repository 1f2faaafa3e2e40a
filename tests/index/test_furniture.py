import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.furniture import find_byline, find_furniture, find_signature, find_stamp

PROSE = "Le président a reçu le ministre lundi à Minsk."


def furniture(text: str) -> list[str]:
    return [text[start:end] for start, end in find_furniture(text)]


@pytest.mark.parametrize(
    "line",
    [
        "Photo : VNA/CVN",
        "Photo: VNA",
        "Photos : Jean Dupont / AFP",
        "(Photo : AFP)",
        "Photo AFP",
        "Crédit photo : Présidence du Bélarus",
        "Ảnh: TTXVN",
        "Foto: dpa",
        "Bild: Reuters",
        "Le président et son hôte, à Minsk, le 12 mai. Photo: VNA",
        "Le président et son hôte (Photo : VNA/CVN)",
        "Le palais de l'Indépendance, à Minsk. © AFP",
        "Les deux hommes à Minsk ! Photo AFP",
        ">> Le président félicite son homologue",
        "→ Notre dossier",
        "Lire aussi : le visa expliqué",
        "À lire aussi",
        "A lire également – le visa expliqué",
        "Lire aussi notre dossier sur le Bélarus",
        "Voir aussi : la carte",
        "Read more: what the visa changes",
        "See also",
        "Xem thêm: Quan hệ Việt Nam - Belarus",
        "Lesen Sie auch: Der Besuch in Minsk",
        "Lea también: La visita a Minsk",
        "(Avec AFP)",
        "Avec AFP et Reuters",
        "(avec agences)",
        "Source : Ministère des Affaires étrangères",
        "Nguồn: TTXVN",
        "© 2025 Agence Dépêche. Reproduction interdite.",
        "Copyright 2025 Agence Dépêche",
        "Tous droits réservés.",
        "Inscrivez-vous à notre newsletter pour ne rien manquer",
        "Suivez-nous sur Facebook et Telegram !",
        "Sign up for our newsletter",
        "Publié le 12 mai 2025 à 10h30",
        "Mis à jour le 12/05/2025",
        "Temps de lecture : 3 min",
        "Publicité",
        "* * *",
        "Par Jeanne Martin",
        "Par Jean-Luc de La Tour et Anne Petit, à Hanoi",
        "By Jane Doe",
        "Von Anna Schmidt",
    ],
)
def test_a_line_that_is_no_prose_is_marked_whole(line: str) -> None:
    assert furniture(f"{line}\n\n{PROSE}") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "La photo montre que le président était à Minsk.",
        "Photo de groupe et poignées de main : la rencontre fut brève.",
        "Il regarde la photo : Minsk sous la neige, le 12 mai.",
        "Les images du sommet ont fait le tour du monde.",
        "« La photo est belle », dit-il en montrant le tableau. La photo : un souvenir.",
        "Lire aussi est un plaisir.",
        "Voir aussi loin demande du courage.",
        "Voir Minsk aussi belle l'a surpris",
        "Readers more often choose the paper.",
        "Selon l'Agence France-Presse (AFP), rien n'a été signé.",
        "Avec le Vietnam, Minsk a signé huit documents.",
        "La source : une note du ministère.",
        "Les droits réservés aux voyageurs changent en mai.",
        "Il s'est inscrit à la newsletter du ministère.",
        "Suivez le guide, a lancé le ministre.",
        "Publié le 12 mai, le rapport accable le ministère. Il compte 300 pages.",
        "Par ailleurs, les ministres se sont vus.",
        "Pour aller plus loin, le gouvernement a",
        "Read more closely, the text says",
        "Par Minsk passent deux lignes.",
        "Par décret du 12 mai",
        "By then, the visa was gone.",
        "Promouvoir la coopération bilatérale",
        "ONU",
        "- un",
        "5 000",
        "« Non »",
        PROSE + " Lire aussi : rien. " + PROSE * 8,
    ],
)
def test_prose_and_subheadings_are_not_marked(line: str) -> None:
    assert furniture(f"{PROSE}\n\n{line}\n\n{PROSE}") == []


@pytest.mark.parametrize(
    ("ending", "marked", "agency", "author"),
    [
        ("\n\nVNA/CVN", "VNA/CVN", "VNA/CVN", None),
        ("\n\n(AFP)", "(AFP)", "AFP", None),
        ("\n\nReuters", "Reuters", "Reuters", None),
        ("\n\nAgence Dépêche", "Agence Dépêche", "Agence Dépêche", None),
        ("\n\nHuong Linh/CVN", "Huong Linh/CVN", "CVN", "Huong Linh"),
        (" – VNA/VI", "– VNA/VI", "VNA/VI", None),
        (" -- DPE/Minsk", "-- DPE/Minsk", "DPE/Minsk", None),
        (" (AFP)", "(AFP)", "AFP", None),
        (" /VNA", "/VNA", "VNA", None),
    ],
)
def test_the_signature_of_an_agency_ends_an_article(
    ending: str, marked: str, agency: str, author: str | None
) -> None:
    text = PROSE + ending

    signature = find_signature(text)

    assert furniture(text) == [marked]
    assert signature is not None
    assert text[signature.start : signature.end] == marked
    assert (signature.agency, signature.author) == (agency, author)


def test_a_signature_is_found_above_links_and_copyright() -> None:
    text = f"{PROSE}\n\nVNA/CVN\n\n>> Un lien\n\n© 2025 VNA"

    signature = find_signature(text)

    assert signature is not None
    assert signature.agency == "VNA/CVN"
    assert furniture(text) == ["VNA/CVN", ">> Un lien", "© 2025 VNA"]


@pytest.mark.parametrize(
    "text",
    [
        "AFP",
        "",
        PROSE,
        PROSE + "\n\nUne dernière ligne sans point",
        "Il est entré à l'Organisation des Nations unies (ONU)",
        "Le vol relie Minsk – MSQ",
        "Les lignes sont coupées avant le sigle\n(DFSG).",
        PROSE + "\n\nFIN",
    ],
)
def test_an_ending_without_an_agency_is_no_signature(text: str) -> None:
    assert find_signature(text) is None


def test_headlines_below_an_invitation_to_read_are_links() -> None:
    text = f"{PROSE}\n\nLire aussi :\nUn premier titre\nUn second titre\n\n{PROSE}"

    assert furniture(text) == ["Lire aussi :", "Un premier titre", "Un second titre"]


def test_bullets_below_an_invitation_to_read_are_links_behind_a_blank_line_too() -> None:
    text = f"{PROSE}\n\nLire aussi :\n\n- Un premier titre\n- Un second titre\n\n{PROSE}"

    assert furniture(text) == ["Lire aussi :", "- Un premier titre", "- Un second titre"]


def test_the_paragraph_below_an_invitation_to_read_is_prose() -> None:
    assert furniture(f"Lire aussi :\n\nUn intertitre\n\n{PROSE}") == ["Lire aussi :"]
    assert furniture(f"Lire aussi :\n{PROSE}") == ["Lire aussi :"]


def test_a_byline_gives_the_names_without_the_place() -> None:
    text = f"Un titre\n\nPar Jeanne Martin et Paul Roy, à Minsk\n\n{PROSE}"

    byline = find_byline(text)

    assert byline is not None
    assert byline[2] == "Jeanne Martin et Paul Roy"


def test_a_byline_stands_at_the_top() -> None:
    assert find_byline(f"{PROSE}\n" * 10 + "Par Jeanne Martin") is None


def test_the_stamp_of_the_page_is_found_at_its_top() -> None:
    assert find_stamp(f"Un titre\nPublié le 12.05.2025 à 10h\n{PROSE}") == (
        "Publié le 12.05.2025 à 10h"
    )
    assert find_stamp(PROSE) is None


LINES = st.sampled_from(
    [
        "Photo : VNA",
        ">> lien",
        "Lire aussi :",
        "- a",
        "VNA/CVN",
        "",
        " ",
        PROSE,
        "Par A. B",
        "\t© x ",
    ]
)


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(LINES).map("\n".join)))
def test_spans_are_sorted_apart_and_never_blank(text: str) -> None:
    spans = find_furniture(text)

    assert list(spans) == sorted(spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip() != ""
        assert "\n" not in text[start:end]


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        ">>",
        "Photo",
        "Photo : ",
        "Par A",
        ". – VNA",
        "(",
        "A/",
        "\n",
        "a\n",
        "Lire aussi :\n",
    ],
)
def test_a_megabyte_of_one_form_is_searched_in_seconds(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    begun = time.monotonic()

    find_furniture(text)

    assert time.monotonic() - begun < 20


def test_a_link_that_ends_in_an_agency_is_marked_once() -> None:
    text = "Le pont a rouvert.\n\nLire aussi :\n- Un titre sans point. (AFP)"

    assert furniture(text) == ["Lire aussi :", "- Un titre sans point. (AFP)"]
