"""Writes combination.json: what numpy, scipy and scikit-learn make of three members' probabilities.

Run with numpy, scipy and scikit-learn: python make_combination.py
"""
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import gmean, rankdata
from sklearn.metrics import f1_score, log_loss

CLASSES, PHOTOS, MEMBERS = 18, 90, 4
rng = np.random.default_rng(3)
truth = np.concatenate([np.arange(CLASSES), rng.integers(0, CLASSES, PHOTOS - CLASSES)])
rows = []
for m in range(MEMBERS):
    logits = rng.normal(size=(PHOTOS, CLASSES)) * (1.3 + 0.3 * m)
    logits[np.arange(PHOTOS), truth] += 1.5 + 0.4 * m
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    rows.append(p.astype(np.float32))
p = np.stack(rows).astype(np.float64)
weights = np.array([0.2, 0.1, 0.4, 0.3])


def f1(scores):
    return f1_score(truth, scores.argmax(1), labels=range(CLASSES), average="macro", zero_division=0)


def normed(x):
    return x / x.sum(1, keepdims=True)


soft = np.average(p, axis=0, weights=weights)
votes = np.average(np.eye(CLASSES)[p.argmax(2)], axis=0, weights=weights)
geometric = normed(gmean(np.clip(p, 1e-12, None), axis=0, weights=weights[:, None, None] * np.ones_like(p)))
ranks = normed(np.average(rankdata(p, axis=2), axis=0, weights=weights))
# class = 6 * mask + 3 * gender + age; member 0 answers for masks, 1 for genders, 2 and 3 for ages.
cube = p.reshape(MEMBERS, PHOTOS, 3, 2, 3)
mask, gender = cube[0].sum((2, 3)), cube[1].sum((1, 3))
age = (0.4 * cube[2] + 0.3 * cube[3]).sum((1, 2)) / 0.7
product = normed(np.einsum("nm,ng,na->nmga", mask, gender, age).reshape(PHOTOS, CLASSES))


def tempered(x, t):
    return normed(np.exp(np.log(x) / t))


temperatures = [
    float(np.exp(minimize_scalar(lambda s: log_loss(truth, tempered(x, np.exp(s)), labels=range(CLASSES)),
                                 bounds=(np.log(0.05), np.log(20)), method="bounded", options={"xatol": 1e-9}).x))
    for x in p
]


def greedy(rounds, replacement):
    chosen, best, found = [], -1, None
    for _ in range(rounds):
        options = [m for m in range(MEMBERS) if replacement or m not in chosen]
        scores = [f1(p[chosen + [m]].sum(0)) for m in options]
        chosen.append(options[int(np.argmax(scores))])
        if max(scores) > best:
            best, found = max(scores), list(chosen)
    return {"weights": (np.bincount(found, minlength=MEMBERS) / len(found)).tolist(), "macroF1": best}


predicted = p.argmax(2)
wrong = (predicted != truth).astype(float)
json.dump(
    {
        "truth": truth.tolist(),
        "members": [x.tolist() for x in rows],
        "weights": weights.tolist(),
        "soft": soft.tolist(),
        "votes": votes.tolist(),
        "geometric": geometric.tolist(),
        "rank": ranks.tolist(),
        "byAttribute": product.tolist(),
        "temperatures": temperatures,
        "tempered": tempered(p[1], 1.7).tolist(),
        "single": [f1(x) for x in p],
        "greedy": greedy(50, True),
        "greedyOnce": greedy(MEMBERS, False),
        "agreement": (predicted[0] == predicted[1]).mean(),
        "errorCorrelation": np.corrcoef(wrong[0], wrong[1])[0, 1],
    },
    Path(__file__).with_name("combination.json").open("w"),
)
