import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.file_names import MAX_NAME_BYTES, NameUnusable, clean_path, number, same_name

# what long and reserved names are made of
_PIECES = [
    *("con", "nul", "com1", "__macosx", ".tmp", ".part", ".txt", "/", ".", "~", "#", "$", " "),
    *("\u3000", "\u0301", "e", "é", "_", ":", "\u0800", "a" * 115, "a" * 60, "é" * 55, "新" * 39),
    *("~" * 120, " ." * 60, "𝟏" * 29, "b" * 19, "b" * 21),
]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("visite.txt", "visite.txt"),
        ("AFP/2025/visite.txt", "AFP/2025/visite.txt"),
        ("../../etc/passwd.txt", "etc/passwd.txt"),
        ("/etc/passwd.txt", "etc/passwd.txt"),
        (r"C:\Users\anna\visite.txt", "C_/Users/anna/visite.txt"),
        ("a/./../b.md", "a/b.md"),
        (".htaccess.txt", "htaccess.txt"),
        ("~$visite.md", "visite.md"),
        ("CON.txt", "_CON.txt"),
        ("__MACOSX/a.md", "___MACOSX/a.md"),
        ("old.bak/a.md", "old_bak/a.md"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("\u202etxt.exe.md", "_txt.exe.md"),
        ('<script>"x"</script>.md', "_script__x__/script_.md"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("  two   words .txt", "two words.txt"),
        ("a.txt. . ", "a.txt"),
        ("con .txt", "_con.txt"),
        ("Con tàu.txt", "Con tàu.txt"),
    ],
)
def test_a_name_is_made_fit_for_the_corpus(sent: str, name: str) -> None:
    assert clean_path(sent) == name


@pytest.mark.parametrize("sent", ["", "..", "/", "../..", " . ", "\\\\", "~"])
def test_a_name_of_which_nothing_is_left_is_refused(sent: str) -> None:
    with pytest.raises(NameUnusable):
        clean_path(sent)


def test_a_long_name_keeps_its_suffix() -> None:
    name = clean_path("é" * 400 + ".txt")

    assert name.endswith("é.txt")
    assert len(name.encode()) <= MAX_NAME_BYTES


@pytest.mark.parametrize(
    "folder",
    [
        pytest.param("0." + "\u0800" * 40, id="what_stands_behind_the_point_is_no_suffix"),
        pytest.param("é" * 400, id="without_a_point"),
        pytest.param("新闻" * 100 + ".2025", id="with_a_suffix"),
        pytest.param("con" + "~" * 300 + "x", id="of_which_a_reserved_name_is_left"),
        pytest.param("con." + "x" * 300, id="a_reserved_name"),
        pytest.param("a" * 119 + " b", id="cut_at_a_blank"),
        pytest.param("a" * 119 + "..b" * 20, id="cut_at_a_point"),
        pytest.param("a" * 116 + ".tmp" + "b" * 20, id="of_which_a_leftover_is_left"),
    ],
)
def test_a_long_folder_is_cut_between_characters_once_and_for_all(folder: str) -> None:
    name = clean_path(f"{folder}/visite.txt")

    cut, _, file = name.partition("/")
    assert file == "visite.txt"
    assert len(cut.encode()) <= MAX_NAME_BYTES
    assert cut.isprintable()
    assert clean_path(name) == name


def test_a_crowd_of_points_within_a_name_is_cut_at_once() -> None:
    # looked for at each of them, their end would take hours
    assert clean_path("a" + "~" * 1_000_000 + "b/visite.txt") == "a/visite.txt"


def test_of_deep_folders_the_last_ones_are_kept() -> None:
    assert clean_path("/".join("abcdefghij") + "/x.md") == "e/f/g/h/i/j/x.md"


@given(
    st.text(alphabet=st.characters())
    | st.text(alphabet="./\\~$#: \u202e\ud800aCON")
    | st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)
)
def test_no_name_leads_out_or_hides(sent: str) -> None:
    try:
        name = clean_path(sent)
    except NameUnusable:
        return

    assert not name.startswith("/")
    for part in name.split("/"):
        assert part not in ("", ".", "..")
        assert not part.startswith((".", "~", " "))
        assert not set(part) & set('\\<>:"|?*\n\r\0\u202e')
        assert len(part.encode()) <= MAX_NAME_BYTES
    assert clean_path(name) == name


def test_one_more_file_of_a_name_is_numbered_before_its_suffix() -> None:
    assert number("visite.txt", 2) == "visite (2).txt"
    assert number("visite", 3) == "visite (3)"


def test_names_that_a_file_system_takes_for_one_are_the_same() -> None:
    assert same_name("Été.txt", "e\u0301te\u0301.TXT")
    assert not same_name("ete.txt", "été.txt")
