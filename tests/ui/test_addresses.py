import socket

import pytest

from index.errors import PasswordNeeded, RootPathInvalid
from ui.addresses import (
    RootPath,
    address_to_open,
    is_loopback,
    is_own_host,
    own_names,
    read_host,
    read_root_path,
    refuse_an_open_door,
)

_NOWHERE = RootPath()


@pytest.mark.parametrize(
    ("given", "origin", "path"),
    [
        pytest.param("", "", "", id="nothing"),
        pytest.param("/", "", "", id="the_root"),
        pytest.param("/depeche", "", "/depeche", id="a_path"),
        pytest.param("depeche/", "", "/depeche", id="a_path_without_its_slash"),
        pytest.param("/tools/depeche/", "", "/tools/depeche", id="a_path_of_two"),
        pytest.param("https://news.example", "https://news.example", "", id="a_host"),
        pytest.param(
            "https://News.Example:443/depeche/",
            "https://news.example",
            "/depeche",
            id="as_browsers_write_it",
        ),
        pytest.param("http://[::1]:8080/d", "http://[::1]:8080", "/d", id="a_number"),
    ],
)
def test_a_root_path_is_an_address_or_a_path(given: str, origin: str, path: str) -> None:
    root = read_root_path(given)

    assert (root.origin, root.path) == (origin, path)
    assert root.address == origin + path
    assert read_root_path(root.address) == root


@pytest.mark.parametrize(
    "given",
    [
        "ftp://news.example",
        "https://",
        "https://me:secret@news.example",
        "https://news.example?x=1",
        "https://news.example#x",
        "https://news.example:many",
        "https://news.example/a b",
        "https://news.example/../etc",
        "javascript:alert(1)",
        "//news.example/depeche//x",
        "/dé pêche",
        '/"><script>',
        "https://news.example\\@evil.example",
    ],
)
def test_anything_else_is_refused_with_what_to_write(given: str) -> None:
    with pytest.raises(RootPathInvalid, match="--root-path https://"):
        read_root_path(given)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_only_this_machine_reaches_the_loopback(host: str) -> None:
    assert is_loopback(host)
    refuse_an_open_door(host, _NOWHERE, password=False, told=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "no-such-name.invalid"])
def test_listening_elsewhere_needs_a_password(host: str) -> None:
    with pytest.raises(PasswordNeeded, match=r"--auth-file .* --without-password"):
        refuse_an_open_door(host, _NOWHERE, password=False, told=False)

    refuse_an_open_door(host, _NOWHERE, password=True, told=False)
    refuse_an_open_door(host, _NOWHERE, password=False, told=True)


def test_a_proxy_needs_a_password_too() -> None:
    with pytest.raises(PasswordNeeded, match="--root-path /depeche"):
        refuse_an_open_door("127.0.0.1", RootPath(path="/depeche"), password=False, told=False)


@pytest.mark.parametrize(
    "header",
    [
        "127.0.0.1:7860",
        "localhost",
        "LOCALHOST:7860",
        "localhost.:7860",
        "[::1]:7860",
        "192.168.1.5:7860",
        "news.example",
        "news.example:8443",
    ],
)
def test_the_server_knows_its_names_and_every_number(header: str) -> None:
    names = own_names("127.0.0.1", RootPath("https://news.example"))

    assert is_own_host(header, names)


@pytest.mark.parametrize(
    "header",
    [
        "evil.example",
        "evil.example:7860",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "news.example.evil.example",
        "localhost:7860@evil.example",
        "evil.example/localhost",
        "localhost:many",
        "127.1",
        "0x7f000001",
        "2130706433",
        "",
        " ",
        "[::1",
    ],
)
def test_the_server_knows_no_other_name(header: str) -> None:
    names = own_names("127.0.0.1", RootPath("https://news.example"))

    assert not is_own_host(header, names)


def test_the_name_of_the_machine_is_known_when_others_can_reach_it() -> None:
    name = socket.gethostname()

    assert is_own_host(f"{name}:7860", own_names("0.0.0.0", _NOWHERE))
    assert not is_own_host(f"{name}:7860", own_names("127.0.0.1", _NOWHERE))


@pytest.mark.parametrize(
    ("host", "root", "address"),
    [
        pytest.param("127.0.0.1", _NOWHERE, "http://127.0.0.1:7860/", id="loopback"),
        pytest.param("::1", _NOWHERE, "http://[::1]:7860/", id="ipv6"),
        pytest.param("desk.local", _NOWHERE, "http://desk.local:7860/", id="name"),
        pytest.param(
            "127.0.0.1",
            RootPath("https://news.example", "/depeche"),
            "https://news.example/depeche/",
            id="proxy",
        ),
        pytest.param(
            "127.0.0.1", RootPath(path="/depeche"), "http://127.0.0.1:7860/depeche/", id="path"
        ),
    ],
)
def test_the_address_that_is_printed_is_the_one_to_open(
    host: str, root: RootPath, address: str
) -> None:
    assert address_to_open(read_host(host), 7860, root) == address


def test_who_listens_everywhere_prints_a_number_that_others_can_open() -> None:
    address = address_to_open("0.0.0.0", 7860, _NOWHERE)

    assert is_own_host(address.split("/")[2], frozenset())
    assert "0.0.0.0" not in address
