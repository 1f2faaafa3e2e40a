from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.address import Address, folder_of, hand_down, is_address, place_of, read_address
from index.errors import AddressInvalid

_NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,30}", fullmatch=True)
_HOSTS = st.sampled_from(["localhost", "10.0.0.7", "milvus.example", "::1"])


@pytest.fixture(autouse=True)
def _no_password_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEPECHE_MILVUS_PASSWORD", raising=False)


def test_an_address_names_a_server_and_an_index() -> None:
    address = read_address("milvus://localhost:19531/news")

    assert (address.host, address.port, address.name) == ("localhost", 19531, "news")
    assert address.uri == "http://localhost:19531"


def test_a_server_has_the_port_of_milvus_where_none_is_named() -> None:
    assert str(read_address("milvus://localhost/news")) == "milvus://localhost:19530/news"


def test_a_server_may_be_spoken_to_by_tls() -> None:
    address = read_address("milvus+tls://milvus.example:443/news")

    assert address.uri == "https://milvus.example:443"
    assert str(address) == "milvus+tls://milvus.example:443/news"


@given(
    host=_HOSTS,
    port=st.integers(1, 65535),
    name=_NAMES,
    user=st.text(min_size=1, max_size=9).filter(lambda text: text.isprintable()),
    secure=st.booleans(),
)
def test_an_address_that_is_written_is_read_again(
    host: str, port: int, name: str, user: str, secure: bool
) -> None:
    address = Address(name, host, port, user, secure=secure)

    assert read_address(str(address)) == address


def test_a_password_is_shown_nowhere() -> None:
    address = read_address("milvus://anna:s3cret@localhost/news")

    assert address.password == "s3cret"
    assert str(address) == "milvus://anna@localhost:19530/news"
    assert "s3cret" not in repr(address)


def test_a_password_may_be_left_to_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPECHE_MILVUS_PASSWORD", "s3cret")

    assert read_address("milvus://anna@localhost/news").password == "s3cret"
    assert read_address("milvus://localhost/news").password == ""


def test_another_process_is_told_the_password_where_nobody_else_reads_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEPECHE_MILVUS_PASSWORD", "")
    address = read_address("milvus://anna:s3cret@localhost/news")

    told = hand_down(address)

    assert "s3cret" not in told
    assert read_address(told) == address
    assert hand_down(Path("store")) == "store"


def test_a_file_of_milvus_lite_may_be_named_by_its_whole_path_or_from_here() -> None:
    whole, here = read_address("milvus:///data/a.db/news"), read_address("milvus://./a.db/news")

    assert (whole.file, here.file) == (Path("/data/a.db"), Path("a.db"))
    assert str(whole) == "milvus:///data/a.db/news"
    assert str(here) == "milvus://./a.db/news"
    assert read_address(str(here)) == here
    assert here.resolve().file == Path("a.db").resolve()


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("milvus:localhost/news", "does not begin with milvus://"),
        ("milvus:/localhost/news", "does not begin with milvus://"),
        ("milvus://localhost", "ends with no name"),
        ("milvus://localhost/", "ends with no name"),
        ("milvus://localhost/my-news", "ends with no name"),
        ("milvus://localhost/../../etc", "more than a name"),
        ("milvus://localhost/a/b", "more than a name"),
        ("milvus://localhost:port/news", "Port could not be cast"),
        ("milvus://localhost:70000/news", "out of range"),
        ("milvus://:19530/news", "names no server"),
        ("milvus:///data/archive/news", "ends with .db"),
    ],
)
def test_what_is_no_address_is_refused_with_the_forms_there_are(address: str, problem: str) -> None:
    with pytest.raises(AddressInvalid, match=problem) as refused:
        place_of(address)

    assert "milvus://HOST:PORT/NAME" in str(refused.value)


def test_a_refusal_does_not_show_the_password() -> None:
    with pytest.raises(AddressInvalid) as refused:
        read_address("milvus://anna:s3cret@localhost/no-name")

    assert "s3cret" not in str(refused.value)


def test_all_else_is_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEPECHE_STORE", raising=False)

    assert place_of("store") == place_of(Path("store")) == place_of() == Path("store")
    assert not is_address("./milvus")
    assert folder_of(Path("store")) == Path("store")


def test_an_address_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPECHE_STORE", "milvus://localhost/news")

    assert place_of() == Address("news", "localhost")


def test_what_is_kept_here_lies_beside_the_file_or_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DEPECHE_WORK", str(tmp_path))

    assert folder_of(read_address("milvus:///data/a.db/news")) == Path("/data/a.work/news")
    assert folder_of(read_address("milvus://h:1/news")) == tmp_path / "h-1-news"
