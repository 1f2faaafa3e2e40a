import random
import struct
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.readers import FORMATS, Extracted, find_format
from index.readers.archive import read_zip
from index.readers.zipped import MAX_MEMBERS
from index.types import Skipped

PATH = Path("a.zip")

Members = dict[str, str | bytes]


def make_zip(members: Members, method: int = ZIP_DEFLATED) -> bytes:
    """An archive of these members."""
    content = BytesIO()
    with ZipFile(content, "w", method) as file:
        for name, text in members.items():
            file.writestr(name, text)
    return content.getvalue()


def read(data: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """The texts and the reasons by name."""
    found = list(find_format(PATH).read(PATH, data))
    texts = {item.name: item.text for item in found if isinstance(item, Extracted)}
    return texts, {item.path: item.reason for item in found if isinstance(item, Skipped)}


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(data)
    return refused.value.reason


def test_members_are_read_by_their_suffix_in_the_order_of_their_names() -> None:
    members: Members = {
        "b.txt": "Deux.",
        "un dossier/a.md": "# Un titre\n\nUn.",
        "a.txt": "Un seul.",
    }

    texts, skipped = read(make_zip(members))

    assert list(texts.items()) == [
        ("/a.txt", "Un seul."),
        ("/b.txt", "Deux."),
        ("/un dossier/a.md", "Un."),
    ]
    assert skipped == {}


def test_what_cannot_be_read_is_named_with_its_reason() -> None:
    members: Members = {"a.txt": "Un.", "b.txt": "", "c/d.svg": "<svg/>", "e.txt": b"PK\x03\x04"}

    assert read(make_zip(members))[1] == {
        "/b.txt": "is empty",
        "/c/d.svg": f"no reader for .svg: supported are {', '.join(sorted(FORMATS))}",
        "/e.txt": "is a ZIP archive or an office document, not text",
    }


def test_an_archive_in_an_archive_is_read_and_no_deeper_one() -> None:
    deepest = make_zip({"a.txt": "Profond."})
    inner = make_zip({"b.txt": "Dedans.", "troisième.zip": deepest})

    texts, skipped = read(make_zip({"dossier/deuxième.zip": inner, "c.txt": "Dehors."}))

    assert texts == {"/c.txt": "Dehors.", "/dossier/deuxième.zip/b.txt": "Dedans."}
    assert skipped == {
        "/dossier/deuxième.zip/troisième.zip": "at most 2 archives in each other are read"
    }


def test_an_archive_that_is_its_own_member_ends() -> None:
    quine = make_zip({"a.zip": make_zip({"a.zip": make_zip({"a.zip": make_zip({})})})})

    assert read(quine) == ({}, {"/a.zip/a.zip": "at most 2 archives in each other are read"})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/a.txt", "/etc/a.txt"),
        ("/etc/a.txt", "/etc/a.txt"),
        ("..\\..\\a.txt", "/a.txt"),
        ("./b//a.txt", "/b/a.txt"),
        ("été.txt", "/été.txt"),
        ("e\u0301te\u0301.txt", "/été.txt"),
        ("a\u202etxt.txt", "/a\\u202etxt.txt"),
        ("a\nb.txt", "/a\\u000ab.txt"),
    ],
)
def test_a_name_is_only_a_name(name: str, expected: str) -> None:
    assert list(read(make_zip({name: "Un."}))[0]) == [expected]


def test_names_that_old_programs_wrote_in_utf_8_are_read() -> None:
    wrote = "été é.txt".encode()
    data = make_zip({"x" * len(wrote): "Un."}).replace(b"x" * len(wrote), wrote)

    assert list(read(data)[0]) == ["/été é.txt"]


def test_names_in_the_letters_of_the_first_pc_are_read() -> None:
    wrote = "été.txt".encode("cp437")
    data = make_zip({"x" * len(wrote): "Un."}).replace(b"x" * len(wrote), wrote)

    assert list(read(data)[0]) == ["/été.txt"]


def test_of_two_members_with_one_name_the_first_is_read() -> None:
    texts, skipped = read(make_zip({"a.txt": "Un.", "./a.txt": "Deux."}))

    assert texts == {"/a.txt": "Un."}
    assert skipped == {"/a.txt": "same name as another file of the archive"}


def test_leftovers_are_left_out_silently() -> None:
    members: Members = {
        **{"a.txt": "Un.", "__MACOSX/._a.txt": "x", ".DS_Store": "x", "b/.git/c.txt": "x"},
        "~$d.docx": "x",
    }

    assert read(make_zip(members)) == ({"/a.txt": "Un."}, {})


def test_links_are_not_followed() -> None:
    content = BytesIO()
    with ZipFile(content, "w") as file:
        link = ZipInfo("lien.txt")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")

    assert read(content.getvalue()) == ({}, {"/lien.txt": "is a link or no regular file"})


def with_flag(data: bytes, flag: int) -> bytes:
    """The same archive, every member with this flag."""
    changed = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + place] |= flag
            at = changed.find(mark, at + 1)
    return bytes(changed)


def test_encrypted_members_are_skipped() -> None:
    data = with_flag(make_zip({"a.txt": "Un."}), 1)

    assert read(data) == ({}, {"/a.txt": "is encrypted: it opens with a password only"})


def test_members_in_rare_compressions_are_skipped() -> None:
    data = make_zip({"a.txt": "Un."}, ZIP_BZIP2)

    assert read(data) == ({}, {"/a.txt": "is compressed in a way that is not read"})


def test_a_member_with_a_spoilt_byte_is_skipped() -> None:
    data = make_zip({"a.txt": "Un texte assez long pour être compressé. " * 9, "b.txt": "Deux."})
    at = data.index(b"a.txt") + 12
    data = data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :]

    assert read(data) == ({"/b.txt": "Deux."}, {"/a.txt": "is damaged"})


def test_an_archive_that_unpacks_to_a_thousand_times_its_size_is_refused() -> None:
    data = make_zip({f"{number}.txt": b"0" * 1_000_000 for number in range(20)})

    assert reason(data).startswith("would unpack to ")
    assert reason(data).endswith(" times its size")


def test_an_archive_of_more_than_is_read_is_refused() -> None:
    data = make_zip({"a.txt": random.Random(1).randbytes(1_100_000)})

    with pytest.raises(UnreadableFile) as refused:
        list(read_zip(PATH, data, find_format, max_unpacked=1_000_000))

    assert refused.value.reason == "would unpack to 1.1 MB, at most 1 MB are read"


def test_what_archives_in_each_other_unpack_to_is_counted_together() -> None:
    text = "Un texte de trois cents signes à peu près, dans chacune des archives. " * 4
    data = make_zip({f"{number}.zip": make_zip({"a.txt": text}) for number in range(3)})

    found = list(read_zip(PATH, data, find_format, max_unpacked=1000))

    read_ones = [item.name for item in found if isinstance(item, Extracted)]
    assert read_ones == ["/0.zip/a.txt", "/1.zip/a.txt"]
    assert [item.path for item in found if isinstance(item, Skipped)] == ["/2.zip"]


def overlapping(count: int) -> bytes:
    """An archive all of whose members are one and the same piece of it."""
    text = zlib.compress(b"0" * 2_000_000, 9)[2:-4]
    crc = zlib.crc32(b"0" * 2_000_000)
    head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, crc, len(text), 2_000_000, 5, 0)
    local = b"PK\x03\x04" + head + b"a.txt" + text
    entries = b""
    for number in range(count):
        name = f"{number}.txt".encode()
        fields = struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 8, 0, 0, crc, len(text), 2_000_000,
                             len(name), 0, 0, 0, 0, 0, 0)  # fmt: skip
        entries += b"PK\x01\x02" + fields + name
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(entries), len(local), 0)
    return local + entries + b"PK\x05\x06" + end


def test_members_that_share_their_bytes_are_refused() -> None:
    assert "would unpack to" in reason(overlapping(200))


def test_a_member_with_more_bytes_than_it_says_is_cut_or_skipped() -> None:
    text = "Un texte plus long que ce que l'archive en dit. " * 50
    data = make_zip({"a.txt": text})
    size = len(text).to_bytes(4, "little")
    assert data.count(size) == 2

    texts, skipped = read(data.replace(size, (20).to_bytes(4, "little")))

    assert (texts, skipped) == ({}, {"/a.txt": "is damaged"})


def test_a_member_that_is_too_large_is_skipped() -> None:
    data = make_zip({"a.txt": random.Random(1).randbytes(2_000_000), "b.txt": "Un."})

    assert read(data)[1] == {"/a.txt": "is too large: 2.0 MB, at most 1 MB are read"}


def test_an_archive_of_too_many_members_is_refused_unopened() -> None:
    assert reason(b"PK\x01\x02" * (MAX_MEMBERS + 1)) == f"holds more than {MAX_MEMBERS} files"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"Un texte.", "is no ZIP archive", id="text"),
        pytest.param(make_zip({"a.txt": "Un."})[:-10], "is a damaged ZIP archive", id="cut"),
        pytest.param(make_zip({}), "holds no files", id="no_members"),
        pytest.param(make_zip({"a/": ""}), "holds no files", id="only_folders"),
    ],
)
def test_what_is_no_archive_is_refused(data: bytes, expected: str) -> None:
    assert reason(data) == expected


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=100)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for content in (data, b"PK\x03\x04" + data, data + _WHOLE):
        with suppress(UnreadableFile):
            read(content)


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=200)
def test_an_archive_with_spoilt_bytes_is_read_or_refused(seed: int) -> None:
    data = bytearray(_WHOLE)
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 10)):
        data[chance.randrange(len(data))] = chance.randrange(256)

    with suppress(UnreadableFile):
        assert all(text.strip() for text in read(bytes(data))[0].values())


@given(st.text(max_size=40))
@example("\0")
@settings(deadline=None, max_examples=200)
def test_no_name_leads_anywhere(name: str) -> None:
    content = BytesIO()
    with ZipFile(content, "w") as file, suppress(ValueError):  # half of a character
        file.writestr(ZipInfo(name or "a"), "Un.")
    with suppress(UnreadableFile):
        texts, skipped = read(content.getvalue())
        for shown in [*texts, *skipped]:
            assert not {"..", "."} & set(shown.split("/"))
            assert "\n" not in shown


_WHOLE = make_zip({"a.txt": "Un.", "b/c.md": "# Deux\n\nTrois.", "d.zip": make_zip({"e.txt": "f"})})
