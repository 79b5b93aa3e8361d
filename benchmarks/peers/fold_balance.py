"""Measures how evenly scikit-learn's StratifiedGroupKFold shares the classes among folds, and writes sets and figures as JSON.
The test PersonFoldsPeerTest of mask-core deals the same people and compares, so that it needs no Python.
Imbalance of a deal: over folds f and classes c, the distance of (photos of c in f / photos of c) from 1 / K: the largest, and the root mean square.
Needs: numpy scikit-learn.   Usage: python fold_balance.py OUT.json
Exit code: 0 written, or skipped because a library is absent (the reason is printed)."""
import argparse
import json
import pathlib
import sys

CLASSES = 18
SEEDS = 5


def competition():
    """People of the six cells of gender and age group, seven photos each: five worn, one worn wrongly, one not worn."""
    people = []
    for cell, count in enumerate([549, 410, 83, 732, 817, 109]):
        for _ in range(count):
            row = [0] * CLASSES
            row[cell], row[6 + cell], row[12 + cell] = 5, 1, 1
            people.append(row)
    return people


def uneven(random, count, most):
    """People with 1 to most photos; the classes' chances fall by a third from one to the next."""
    chances = 0.67 ** random.permutation(CLASSES)
    chances /= chances.sum()
    return [random.multinomial(1 + random.integers(most), chances).tolist() for _ in range(count)]


def imbalance(np, shares, folds):
    """The largest distance from 1 / K, and the root mean square."""
    distance = np.abs(shares - 1 / folds)
    return float(distance.max()), float(np.sqrt((distance**2).mean()))


def measure(np, splitter, people, folds):
    counts = np.array(people)
    labels = np.concatenate([np.repeat(np.arange(CLASSES), row) for row in people])
    groups = np.repeat(np.arange(len(people)), counts.sum(axis=1))
    used = counts.sum(axis=0) > 0
    shares = []
    for _, valid in splitter.split(np.zeros(len(labels)), labels, groups):
        fold = np.bincount(labels[valid], minlength=CLASSES)
        shares.append(fold[used] / counts.sum(axis=0)[used])
    return imbalance(np, np.array(shares), folds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    out = parser.parse_args().out
    try:
        import numpy as np
        import sklearn
        from sklearn.model_selection import StratifiedGroupKFold
    except ImportError as e:
        print(f"skipped: {e.name} is not installed")
        return 0
    random = np.random.default_rng(7)
    sets = [("competition", competition(), 5), ("competition in 10", competition(), 10)]
    for count, most, folds in [(60, 9, 3), (200, 12, 5), (200, 40, 5), (500, 3, 10), (40, 200, 4)]:
        sets.append((f"{count} people of up to {most} photos in {folds}", uneven(random, count, most), folds))
    cases = []
    for name, people, folds in sets:
        deals = [measure(np, StratifiedGroupKFold(folds), people, folds)]
        for seed in range(SEEDS):
            deals.append(measure(np, StratifiedGroupKFold(folds, shuffle=True, random_state=seed), people, folds))
        case = {"name": name, "folds": folds, "largest": [d[0] for d in deals], "rms": [d[1] for d in deals]}
        # The competition's people follow from the cells; the others are listed.
        case["people"] = [] if name.startswith("competition") else people
        cases.append(case)
        print(f"{name}: largest {min(case['largest']):.5f}, rms {min(case['rms']):.5f} at best")
    peer = {"library": "scikit-learn " + sklearn.__version__, "cases": cases}
    out.write_text(json.dumps(peer, separators=(",", ":")) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
