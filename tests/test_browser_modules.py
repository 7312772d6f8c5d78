"""The browser's modules that touch no page, each tested by `node --test`."""

import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="node is not installed: browser modules are untested")
@pytest.mark.parametrize(
    "name", sorted(str(path.relative_to(HERE)) for path in HERE.glob("*/*.test.mjs"))
)
def test_the_module_does_what_its_own_tests_say(name: str) -> None:
    done = subprocess.run(
        [str(NODE), "--test", "--test-reporter=tap", HERE / name],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "# pass 0" not in done.stdout
