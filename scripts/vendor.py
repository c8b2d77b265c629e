"""Bring in what browsers need, pinned: `python scripts/vendor.py` (needs npm).

Downloads the packages named in `vendor.lock.json` at their versions, copies the files listed there
and writes their checksums. To go to a newer version: change it in the lock, run this, look.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "vendor.lock.json"


def main() -> None:
    """Download, copy, lock."""
    lock: dict[str, Any] = json.loads(LOCK.read_text(encoding="utf-8"))
    for package in lock["packages"]:
        with tempfile.TemporaryDirectory() as folder:
            unpacked = _download(package["name"], package["version"], Path(folder))
            for file in package["files"]:
                target = ROOT / file["path"]
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(unpacked / file["from"], target)
                file["sha256"] = hashlib.sha256(target.read_bytes()).hexdigest()
    LOCK.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


def _download(name: str, version: str, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not installed")
    subprocess.run(  # noqa: S603
        [npm, "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True
    )
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


if __name__ == "__main__":
    main()
