import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.file_names import MAX_NAME_BYTES, NameUnusable, clean_path, number, same_name


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


def test_of_deep_folders_the_last_ones_are_kept() -> None:
    assert clean_path("/".join("abcdefghij") + "/x.md") == "e/f/g/h/i/j/x.md"


@given(st.text(alphabet=st.characters()) | st.text(alphabet="./\\~$#: \u202e\ud800aCON"))
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
        assert len(part.encode()) <= MAX_NAME_BYTES + 1


def test_one_more_file_of_a_name_is_numbered_before_its_suffix() -> None:
    assert number("visite.txt", 2) == "visite (2).txt"
    assert number("visite", 3) == "visite (3)"


def test_names_that_a_file_system_takes_for_one_are_the_same() -> None:
    assert same_name("Été.txt", "e\u0301te\u0301.TXT")
    assert not same_name("ete.txt", "été.txt")
