import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.addresses import read_address, site_of


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("https://www.lemonde.fr/a.html", "https://www.lemonde.fr/a.html"),
        ("HTTP://Example.ORG", "http://example.org"),
        ("https://example.org:8443/a?b=c&d=e#f", "https://example.org:8443/a?b=c&d=e#f"),
        ("https://example.org/été", "https://example.org/%C3%A9t%C3%A9"),
        ("https://example.org/%C3%A9", "https://example.org/%C3%A9"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://việtnam.vn/", "https://xn--vitnam-jk8b.vn/"),
        (" https://example.org/ ", "https://example.org/"),
        ("https://example.org/a'b(c)", "https://example.org/a%27b%28c%29"),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
    ],
)
def test_an_address_of_the_web_is_kept_in_plain_signs(value: str, address: str) -> None:
    assert read_address(value) == address


@pytest.mark.parametrize(
    "value",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt://example.org/%0aalert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "ftp://example.org/",
        "//example.org/",
        "/article/1",
        "example.org/a",
        "https://",
        "https:///a",
        "https://user:secret@example.org/",
        "https://lemonde.fr@example.org/",
        "https://example.org\\@other.org/",
        "https://example.org/\u202egnp.exe",
        "https://exam\u200bple.org/",
        "https://example.org/a b",
        "https://example.org/a\tb",
        "https://example.org/\x00",
        "https://exa mple.org/",
        "https://-example.org/",
        "https://example..org/",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://[::1/",
        "https://ex<b>ample.org/",
        "https://" + "a" * 300 + ".org/",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_anything_else_is_no_address(value: str) -> None:
    assert read_address(value) is None


def test_a_site_is_told_without_its_www() -> None:
    assert site_of("https://www.lemonde.fr/a") == "lemonde.fr"
    assert site_of("http://afp.com:81") == "afp.com"


_PARTS = st.text(st.characters(), max_size=20)


@given(
    _PARTS
    | st.builds(
        lambda scheme, host, rest: f"{scheme}://{host}/{rest}",
        st.sampled_from(["http", "https", "HTTPS", "javascript"]),
        st.sampled_from(["example.org", "a@b.c", "é.fr", "\u202ea.b"]) | _PARTS,
        _PARTS,
    )
)
def test_what_is_kept_can_do_nothing_but_lead_there(value: str) -> None:
    address = read_address(value)

    if address is not None:
        assert address.startswith(("http://", "https://"))
        assert address.isascii()
        assert not set(address) & set(" \"'<>()[]{}\\`^|\x7f")
        assert "@" not in address.split("/")[2]
        assert read_address(address) == address
