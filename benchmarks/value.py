"""How fast the purchase models learn, beside `lifetimes` and PyMC-Marketing, at equal likelihood.

    python benchmarks/value.py --lifetimes PYTHON --pymc PYTHON

The peers live in environments of their own (`uv venv`; `uv pip install lifetimes "numpy<2"
"pandas<2.2" "scipy<1.12"`, and `pymc-marketing==0.19.2`); their interpreters are arguments, and
one that is left out is not run. Customers are simulated with known parameters at day resolution.
Each fit runs by itself in a process of its own, with its libraries loaded before the clock starts,
in turn and TIMES times (3); the median counts. Ours counts equal histories within the time. PyMC-Marketing gets flat priors, so that its MAP is the
maximum of the likelihood. Every set of parameters is judged by one function: ours.
Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

DAYS = 730
BG = {"r": 0.243, "alpha": 4.414 * 7, "a": 0.793, "b": 2.426}
PARETO = {"r": 0.553, "alpha": 10.578 * 7, "s": 0.606, "beta": 11.669 * 7}
NAMES = {"bg_nbd": BG, "pareto_nbd": PARETO}


def simulated(model: str, customers: int, seed: int = 7) -> dict[str, Any]:
    """Frequency, recency and age in whole days; purchases of one day are counted as they come."""
    random = np.random.default_rng(seed)
    age = random.integers(1, DAYS + 1, customers).astype(float)
    known = NAMES[model]
    rate = np.maximum(random.gamma(known["r"], 1 / known["alpha"], customers), 1e-12)
    end, leaves = age, np.zeros(customers)
    if model == "bg_nbd":
        leaves = random.beta(known["a"], known["b"], customers)
    else:
        life = random.gamma(known["s"], 1 / known["beta"], customers)
        end = np.minimum(age, random.exponential(1 / np.maximum(life, 1e-12)))
    frequency, recency = np.zeros(customers), np.zeros(customers)
    clock, active = np.zeros(customers), np.arange(customers)
    while active.size:
        clock[active] += random.exponential(1 / rate[active])
        active = active[np.ceil(clock[active]) <= end[active]]
        frequency[active] += 1
        recency[active] = np.ceil(clock[active])
        active = active[random.random(active.size) >= leaves[active]]
    return {"frequency": frequency, "recency": recency, "age": age}


def fit_ours(model: str, rows: Any) -> dict[str, float]:
    from klantreis.segments.clv import BetaGeoNBD, Histories, ParetoNBD

    kind = {"bg_nbd": BetaGeoNBD, "pareto_nbd": ParetoNBD}[model]
    return timed(
        lambda: (
            kind()
            .fit(Histories.of(rows["frequency"], rows["recency"], rows["age"]))
            .parameters_.items()
        )
    )


def fit_lifetimes(model: str, rows: Any) -> dict[str, float]:
    from lifetimes import BetaGeoFitter, ParetoNBDFitter

    kind = {"bg_nbd": BetaGeoFitter, "pareto_nbd": ParetoNBDFitter}[model]
    fitter = kind(penalizer_coef=0.0)
    return timed(
        lambda: fitter.fit(rows["frequency"], rows["recency"], rows["age"]).params_.items()
    )


def fit_pymc(model: str, rows: Any) -> dict[str, float]:
    import pandas
    from pymc_extras.prior import Prior
    from pymc_marketing.clv import BetaGeoModel, ParetoNBDModel

    kind = {"bg_nbd": BetaGeoModel, "pareto_nbd": ParetoNBDModel}[model]
    flat = {name: Prior("HalfFlat") for name in NAMES[model]}
    frame = pandas.DataFrame(
        {
            "customer_id": np.arange(len(rows["age"])),
            "frequency": rows["frequency"],
            "recency": rows["recency"],
            "T": rows["age"],
        }
    )

    def fit() -> list[tuple[str, Any]]:
        peer = kind(data=frame, model_config=flat)
        peer.fit(method="map")
        found = peer.fit_result
        return [(name, np.asarray(found[name]).ravel()[0]) for name in NAMES[model]]

    return timed(fit)


def timed(fit: Any) -> dict[str, Any]:
    before = time.process_time()
    begun = time.perf_counter()
    found = {name: float(value) for name, value in fit()}
    return {
        "seconds": round(time.perf_counter() - begun, 3),
        "cpu_seconds": round(time.process_time() - before, 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "parameters": found,
    }


FITS = {"ours": fit_ours, "lifetimes": fit_lifetimes, "pymc_marketing": fit_pymc}


def in_own_process(python: str, who: str, model: str, file: Path) -> dict[str, Any]:
    answer = subprocess.run(
        [python, __file__, "--fit", who, model, str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        return {"failed": (answer.stderr.strip().splitlines() or ["?"])[-1]}
    result: dict[str, Any] = json.loads(answer.stdout.strip().splitlines()[-1])
    return result


def middle(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The run of the median time, with the times of all."""
    failed = next((one for one in runs if "failed" in one), None)
    if failed:
        return failed
    ranked = sorted(runs, key=lambda one: one["seconds"])
    return {**ranked[len(ranked) // 2], "all_seconds": [one["seconds"] for one in runs]}


def compared(
    model: str, customers: int, pythons: dict[str, str], folder: Path, times: int
) -> dict[str, Any]:
    from klantreis.segments.clv import BetaGeoNBD, Histories, ParetoNBD

    rows = simulated(model, customers)
    file = folder / f"{model}.npz"
    np.savez(file, **rows)
    seen = Histories.of(**rows).unique()
    kind = {"bg_nbd": BetaGeoNBD, "pareto_nbd": ParetoNBD}[model]
    rounds = [
        {who: in_own_process(python, who, model, file) for who, python in pythons.items()}
        for _ in range(times)
    ]
    found = {who: middle([one[who] for one in rounds]) for who in pythons}
    for one in found.values():
        if "parameters" in one:
            likelihood = kind.of(**one["parameters"]).log_likelihood(seen)
            one["log_likelihood"] = round(likelihood, 4)
            one["log_likelihood_per_customer"] = round(likelihood / customers, 8)
            one["times_ours"] = round(one["seconds"] / found["ours"]["seconds"], 1)
    return {"customers": customers, "different_histories": len(seen), **found}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--lifetimes", default="", help="interpreter with lifetimes")
    reader.add_argument("--pymc", default="", help="interpreter with pymc-marketing")
    reader.add_argument("--bg-nbd", type=int, default=1_000_000, help="customers")
    reader.add_argument("--pareto-nbd", type=int, default=100_000, help="customers")
    reader.add_argument("--times", type=int, default=3, help="how often each fits")
    reader.add_argument("--fit", nargs=3, metavar=("WHO", "MODEL", "FILE"))
    asked = reader.parse_args()
    if asked.fit:
        who, model, file = asked.fit
        with np.load(file) as rows:
            print(json.dumps(FITS[who](model, dict(rows))))
        return
    pythons = {"ours": sys.executable, "lifetimes": asked.lifetimes, "pymc_marketing": asked.pymc}
    there = {who: python for who, python in pythons.items() if python}
    sizes = {"bg_nbd": asked.bg_nbd, "pareto_nbd": asked.pareto_nbd}
    with tempfile.TemporaryDirectory() as folder:
        told = {m: compared(m, n, there, Path(folder), asked.times) for m, n in sizes.items() if n}
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
