"""Makes the tables of benchmarks/README.md from the results of `north_star.py`.

python benchmarks/compare.py
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MARK = "<!-- made by compare.py -->"


def results() -> list[dict[str, Any]]:
    files = sorted((HERE / "results").glob("*.json"), key=lambda file: int(file.stem))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def whole_way(result: dict[str, Any]) -> str:
    pieces = result["pieces"]
    events = next((p["rows"] for p in pieces if p["name"] == "events"), 0)
    pandas = " / ".join(
        slower(result[peer], result["ours"]) for peer in ("pandas", "pandas_with_categories")
    )
    portrait = result["portrait_page"]
    total = result["import"]["seconds"] + result["run"]["seconds"]
    peak = max(result["import"]["peak_bytes"], result["run"]["peak_bytes"])
    floor = sum(result["floors"]["import"].values())
    return (
        f"| {result['customers']:,} | {events:,} | {result['exports_bytes'] / 2**30:.2f} | "
        f"{result['import']['seconds']:.1f} | {result['run']['seconds']:.1f} | {total:.1f} | "
        f"{peak / 2**30:.1f} | {result['import']['seconds'] / floor:.1f}x | {pandas} | "
        f"{result['nothing_new']['seconds']:.1f} | "
        f"{portrait['drawn']['median']} / {portrait['drawn']['p95']} |"
    )


def slower(peer: dict[str, Any], ours: dict[str, Any]) -> str:
    if "seconds" in peer and "seconds" in ours:
        return f"{peer['seconds'] / ours['seconds']:.1f}x"
    return str(peer.get("failed", "failed"))


def step_line(piece: dict[str, Any], floors: dict[str, float]) -> str:
    floor = floors.get(piece["name"])
    ratio = f"{piece['seconds'] / floor:.1f}x" if floor else ""
    floor_text = f"{floor:.2f}" if floor else ""
    return (
        f"| {piece['name']} | {piece['rows']:,} | {piece['seconds']:.2f} | "
        f"{piece['peak_bytes'] / 2**20:,.0f} | {floor_text} | {ratio} |"
    )


def page(found: list[dict[str, Any]]) -> str:
    lines = [
        "| customers | events | exports, GB | import, s | run, s | together, s | peak, GB "
        "| import / floor | pandas, with categories / ours | nothing new, s | portrait page, ms: median, p95 |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(whole_way(result) for result in found),
    ]
    for earlier, later in itertools.pairwise(found):
        time = [r["import"]["seconds"] + r["run"]["seconds"] for r in (earlier, later)]
        lines.append("")
        lines.append(
            f"From {earlier['customers']:,} to {later['customers']:,} customers the whole way "
            f"takes {time[1] / time[0]:.1f} times as long."
        )
    for result in found:
        floors = result["floors"]["tables"]
        lines += [
            "",
            f"### {result['customers']:,} customers, step by step",
            "",
            "| table | rows | s | peak, MB | floor, s | step / floor |",
            "|---|---:|---:|---:|---:|---:|",
            *(
                step_line(piece, floors)
                for piece in result["pieces"]
                if piece["activity"] == "run" and not piece["is_reused"] and piece["rows"]
            ),
        ]
    return "\n".join(lines)


def main() -> None:
    file = HERE / "README.md"
    head = file.read_text(encoding="utf-8").split(MARK)[0]
    file.write_text(f"{head}{MARK}\n\n{page(results())}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
