import re
from pathlib import Path

import ui
from ui.theme import head

_UI = Path(ui.__file__).parent


def test_every_style_sheet_and_script_is_on_the_page() -> None:
    written = head()

    for path in [*_UI.glob("*.css"), *_UI.glob("*.js")]:
        assert path.read_text(encoding="utf-8") in written, path.name


def test_no_style_and_no_script_names_another_machine() -> None:
    for path in [*_UI.glob("*.css"), *_UI.glob("*.js")]:
        assert not re.search(r"https?:|@import|url\(", path.read_text(encoding="utf-8")), path.name


def test_no_file_grows_beyond_400_lines() -> None:
    for path in [*_UI.glob("*.css"), *_UI.glob("*.js"), *_UI.glob("*.py")]:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path.name
