"""The wheel is whole: built, installed into an empty environment elsewhere, and served from."""

import subprocess
import sys
import urllib.request
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.server.serving import serving

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as a release is."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    return next(folder.glob("*.whl"))


def test_it_holds_all_that_the_program_reads(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    for folder, endings in {
        "collector": {".py", ".html", ".css", ".js", ".svg", ".txt", ".json", ".mo"},
        "labeler": {".py", ".html", ".css", ".js"},
        "trainer": {".py", ".html"},
        "migrations": {".py"},
    }.items():
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in endings and "__pycache__" not in path.parts:
                assert path.relative_to(ROOT).as_posix() in names


def test_it_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    own = {"collector", "labeler", "trainer", "migrations"}
    assert {name for name in tops - own if not name.endswith(".dist-info")} == set()


def test_collector_serves_from_it_elsewhere(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=True)
    scripts = tmp_path / "empty" / ("Scripts" if sys.platform == "win32" else "bin")
    install = [str(scripts / "python"), "-m", "pip", "install", "--quiet", str(wheel)]
    subprocess.run(install, check=True, timeout=600, cwd=tmp_path)
    folders = (tmp_path / "data", tmp_path / "keys")
    with serving(*folders, program=[str(scripts / "collector")]) as address:
        request = urllib.request.Request(f"{address}/welcome", headers={"Accept-Language": "ru"})
        page = urllib.request.urlopen(request).read().decode()
        assert "Добро пожаловать" in page
        style = urllib.request.urlopen(f"{address}/static/style.css").read()
        assert b"--accent" in style
        capture = urllib.request.urlopen(f"{address}/capture/").read()
        assert b"<html" in capture
    without = subprocess.run(
        [str(scripts / "trainer"), "fit", "--data", str(folders[0]), "--keys", str(folders[1]),
         "--snapshot", "first"],
        capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert without.returncode == 2
    assert "make trainer" in without.stderr
    assert "Traceback" not in without.stderr
