from pathlib import Path

import pytest
from hypothesis import given, settings
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


@settings(deadline=None)
@given(
    host=_HOSTS,
    port=st.integers(1, 65535),
    name=_NAMES,
    user=st.text("anné %/?#:@[]'漢", min_size=1, max_size=9),
    secure=st.booleans(),
    database=st.sampled_from(["", "archive", "_a1"]),
)
def test_an_address_that_is_written_is_read_again(
    host: str, port: int, name: str, user: str, secure: bool, database: str
) -> None:
    address = Address(name, host, port, user, secure=secure, database=database)

    assert read_address(str(address)) == address


@pytest.mark.parametrize("name", ["a b.db", "été#1.db", "50%.db", "what?.db", 'o\'k/"q".db'])
def test_a_file_may_have_any_name(name: str) -> None:
    address = Address("news", file=Path("/data") / name)

    assert read_address(str(address)) == address
    assert str(address).isascii()


def test_a_server_may_have_several_databases() -> None:
    address = read_address("milvus://localhost/archive/news")

    assert (address.database, address.name) == ("archive", "news")
    assert str(address) == "milvus://localhost:19530/archive/news"
    assert address.work.name == "localhost-19530-archive-news"


def test_a_token_stands_in_the_place_of_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    address = read_address("milvus+tls://:k3y@milvus.example:443/news")

    assert address.token == "k3y"
    assert str(address) == "milvus+tls://@milvus.example:443/news"
    monkeypatch.setenv("DEPECHE_MILVUS_PASSWORD", "k3y")
    assert read_address(str(address)) == address
    assert read_address("milvus://anna@localhost/news").token == "anna:k3y"
    assert read_address("milvus://localhost/news").token == ""


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
        ("milvus://localhost/../../etc", "more than a database and a name"),
        ("milvus://localhost/a/b/c", "more than a database and a name"),
        ("milvus://localhost/a b/c", "more than a database and a name"),
        ("milvus://localhost/news?a=1", "ends with no name"),
        ("milvus://localhost/news#a", "ends with no name"),
        ("milvus://localhost/n'ews", "ends with no name"),
        ('milvus://localhost/news"or"1', "ends with no name"),
        ("milvus://localhost:port/news", "port is no number from 1 to 65535"),
        ("milvus://localhost:70000/news", "port is no number from 1 to 65535"),
        ("milvus://localhost:0/news", "port is no number from 1 to 65535"),
        ("milvus://[::1/news", "it is no URL"),
        ("milvus://:19530/news", "names no server"),
        ("milvus:///data/archive/news", "ends with .db"),
    ],
)
def test_what_is_no_address_is_refused_with_the_forms_there_are(address: str, problem: str) -> None:
    with pytest.raises(AddressInvalid, match=problem) as refused:
        place_of(address)

    assert "milvus://HOST:PORT/NAME" in str(refused.value)


@settings(deadline=None)
@given(
    st.sampled_from(["milvus", "milvus+tls"]),
    st.sampled_from([":", ":/", "://"]),
    st.sampled_from(["anna", "an/na", ""]),
    st.text("/?#@:[]%%é \n", max_size=5),
)
def test_a_refusal_never_shows_the_password_whatever_it_holds(
    scheme: str, separator: str, user: str, odd: str
) -> None:
    with pytest.raises(AddressInvalid) as refused:
        read_address(f"{scheme}{separator}{user}:s3cret{odd}T0P@localhost:1/no-name")

    assert "s3cret" not in str(refused.value)
    assert "T0P" not in str(refused.value)


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
