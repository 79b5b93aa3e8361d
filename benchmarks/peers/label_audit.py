"""Draws labels with errors and probabilities of 18 classes, asks cleanlab which labels are wrong, and writes both as JSON for LabelAuditTest of mask-core.
Needs: numpy cleanlab.   Usage: python label_audit.py OUT.json
Exit code: 0 written, or skipped because a library is absent (the reason is printed)."""
import argparse
import json
import pathlib
import sys

CLASSES = 18
PHOTOS = 300


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    out = parser.parse_args().out
    try:
        import cleanlab
        import numpy as np
        from cleanlab.count import compute_confident_joint, get_confident_thresholds
        from cleanlab.filter import find_label_issues
    except ImportError as e:
        print(f"skipped: {e.name} is not installed")
        return 0
    random = np.random.default_rng(11)
    truth = np.concatenate([np.arange(CLASSES), random.integers(0, CLASSES, PHOTOS - CLASSES)])
    labels = np.where(random.random(PHOTOS) < 0.12, random.integers(0, CLASSES, PHOTOS), truth)
    labels[:CLASSES] = np.arange(CLASSES)
    scores = random.normal(size=(PHOTOS, CLASSES)) + 3.2 * np.eye(CLASSES)[truth]
    rows = np.exp(scores)
    # Few digits keep the file small; the last one makes the row sum to 1.
    rows = np.round(rows / rows.sum(axis=1, keepdims=True), 4)
    rows[np.arange(PHOTOS), rows.argmax(axis=1)] += 1 - rows.sum(axis=1)
    joint = compute_confident_joint(labels, rows, calibrate=False)
    issues = find_label_issues(labels, rows, filter_by="confident_learning", return_indices_ranked_by="normalized_margin", n_jobs=1)
    peer = {
        "library": "cleanlab " + cleanlab.__version__,
        "labels": labels.tolist(),
        "rows": [[round(float(p), 4) for p in row] for row in rows],
        "thresholds": get_confident_thresholds(labels, rows).tolist(),
        "joint": joint.tolist(),
        "issues": issues.tolist(),
    }
    out.write_text(json.dumps(peer, separators=(",", ":")) + "\n")
    print(f"{len(issues)} of {PHOTOS} labels doubtful")
    return 0


if __name__ == "__main__":
    sys.exit(main())
