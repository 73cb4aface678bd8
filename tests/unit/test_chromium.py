"""Which browser the tests drive, on machines that came by theirs in different ways."""

from pathlib import Path

import pytest

from tests.chromium import chromium


def a_program(path: Path, text: str = "#!/bin/sh\nexec browser\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", ["chromium-headless-shell", "chromium", "google-chrome"])
def test_a_browser_on_the_path_is_taken(tmp_path: Path, name: str) -> None:
    program = a_program(tmp_path / "bin" / name)

    assert chromium({"PATH": str(program.parent), "HOME": str(tmp_path)}) == str(program)


def test_the_browser_without_windows_is_taken_first(tmp_path: Path) -> None:
    a_program(tmp_path / "bin" / "chromium")
    quick = a_program(tmp_path / "bin" / "chromium-headless-shell")

    assert chromium({"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}) == str(quick)


def test_a_snap_is_passed_over(tmp_path: Path) -> None:
    a_program(tmp_path / "snap" / "bin" / "chromium")
    a_program(tmp_path / "bin" / "chromium", "#!/bin/sh\nexec /snap/bin/chromium\n")
    beside = a_program(tmp_path / "bin" / "google-chrome")
    folders = f"{tmp_path}/snap/bin:{tmp_path}/bin"

    assert chromium({"PATH": folders, "HOME": str(tmp_path)}) == str(beside)


@pytest.mark.parametrize("setting", ["HOME", "PLAYWRIGHT_BROWSERS_PATH"])
def test_the_newest_that_playwright_installed_is_taken(tmp_path: Path, setting: str) -> None:
    folder = tmp_path / ".cache" / "ms-playwright" if setting == "HOME" else tmp_path
    for revision in (999, 1187, 1200):
        a_program(folder / f"chromium-{revision}" / "chrome-linux" / "chrome")

    found = chromium({"PATH": str(tmp_path / "nothing"), setting: str(tmp_path)})

    assert found == str(folder / "chromium-1200" / "chrome-linux" / "chrome")


def test_a_machine_without_any_is_told_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="install the package chromium"):
        chromium({"PATH": str(tmp_path), "HOME": str(tmp_path)})
