"""Builds the wheel, installs it in an environment of its own, and analyses a text with it.

    python tests/wheel_check.py

The environment takes the dependencies of the one that runs this, so that it is quick; the
package itself comes from the wheel alone, and is run in a folder elsewhere.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (
    "quotestance/py.typed",
    "quotestance/samples/article.txt",
    "quotestance/speakers/confidence.json",
    "quotestance/models/NOTICE.md",
    *(
        f"quotestance/models/{name}-small/{file}"
        for name in ("quotations", "stance")
        for file in ("config.json", "model.safetensors", "tokenizer.json", "manifest.json")
    ),
)
LARGEST = 120e6  # bytes


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", scratch,
             str(ROOT)], place)  # fmt: skip
        (wheel,) = place.glob("*.whl")
        names = zipfile.ZipFile(wheel).namelist()
        missing = [name for name in NEEDED if name not in names]
        strange = [n for n in names if not n.startswith(("quotestance/", "quotestance-"))]
        assert not missing, f"the wheel lacks {missing}"
        assert not strange, f"the wheel holds {strange}"
        assert wheel.stat().st_size < LARGEST, wheel.stat().st_size
        run([sys.executable, "-m", "venv", "env"], place)
        python = place / "env" / "bin" / "python"
        packages = place / "env" / "lib" / f"python{sysconfig.get_python_version()}"
        run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], place)
        # Behind the environment's own packages: an editable install here comes last, and
        # its .pth is not read from a folder that a .pth names.
        shared = packages / "site-packages" / "shared.pth"
        shared.write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
        origin = run([python, "-c", "import quotestance; print(quotestance.__file__)"], place)
        assert origin.startswith(str(place)), origin
        sample = packages / "site-packages" / "quotestance" / "samples" / "article.txt"
        command = [place / "env" / "bin" / "quotestance", "analyze", sample, "--format", "jsonl"]
        document = json.loads(run(command, place))
        speakers = {quotation["speaker"] for quotation in document["quotations"]}
        assert {"Ilse Varga", "Tomas Reke", "Adaeze Okonjo"} <= speakers, speakers
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.0f} MB, installed and run")


def run(command: list[object], folder: Path) -> str:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "HF_HUB_OFFLINE": "1"}
    if "wheel" in command:
        environment = None  # the build fetches its tools as pip is set up to
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
