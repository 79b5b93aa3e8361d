"""Losses of photos with unknown attributes, computed by PyTorch one photo and one label at a time.

Writes partial_labels.json beside this file. Needs torch.
"""

import json
import pathlib

import torch

torch.manual_seed(11)
ROWS = 16
VALUES = (3, 2, 3)


def classes():
    return [(m, g, a) for m in range(3) for g in range(2) for a in range(3)]


def agrees(face_class, label):
    return all(value is None or value == of for value, of in zip(label, face_class))


def random_label():
    return [
        None if torch.rand(()) < 0.45 else int(torch.randint(size, ())) for size in VALUES
    ]


def same_known(label):
    """All labels that know the same attributes."""
    found = [[]]
    for value, size in zip(label, VALUES):
        found = [f + [v] for f in found for v in ([None] if value is None else range(size))]
    return found


def class_probability(logits, label):
    p = torch.softmax(logits, 0)
    return sum(p[i] for i, c in enumerate(classes()) if agrees(c, label))


def head_probability(logits, label):
    parts = torch.split(logits, VALUES)
    p = torch.ones((), dtype=logits.dtype)
    for part, value in zip(parts, label):
        if value is not None:
            p = p * torch.softmax(part, 0)[value]
    return p


def year_groups(p):
    return torch.stack([p[:30].sum(), p[30:60].sum(), p[60:].sum()])


def years_probability(logits, label):
    mask, gender, years = torch.split(logits, (3, 2, 101))
    p = torch.ones((), dtype=logits.dtype)
    for part, value in zip((mask, gender), label):
        if value is not None:
            p = p * torch.softmax(part, 0)[value]
    if label[2] is not None:
        p = p * year_groups(torch.softmax(years, 0))[label[2]]
    return p


def years_cross_entropy(logits, mixes, ages, weights=None):
    """The known ages teach the distribution over the years, everything else its labels."""
    total = 0
    mass = 0
    for row, parts, own in zip(logits, mixes, ages):
        for (share, label), age in zip(parts, own):
            label = label if age is None else label[:2] + [None]
            if known(label):
                w = 1.0
                if weights is not None:
                    agreeing = [weights[i] for i, c in enumerate(classes()) if agrees(c, label)]
                    w = sum(agreeing) / len(agreeing)
                total = total - w * share * torch.log(years_probability(row, label))
                mass += w * share
            if age is not None:
                log_p = torch.log_softmax(row[5:], 0)
                target = torch.exp(-((torch.arange(101) - age) ** 2) / 8.0).double()
                target = target / target.sum()
                for year in range(101):
                    w = 1.0
                    if weights is not None:
                        group = 0 if year < 30 else 1 if year < 60 else 2
                        agreeing = [weights[i] for i, c in enumerate(classes()) if c[2] == group]
                        w = sum(agreeing) / len(agreeing)
                    total = total - w * share * target[year] * log_p[year]
                    mass += w * share * float(target[year])
    return total / (mass if weights is not None else len(logits))


def known(label):
    return any(value is not None for value in label)


def cross_entropy(probability, logits, mixes, smoothing=0.0, weights=None):
    total = 0
    mass = 0
    for row, parts in zip(logits, mixes):
        for share, label in parts:
            targets = [(share * (1 - smoothing), label)]
            alike = same_known(label)
            targets += [(share * smoothing / len(alike), other) for other in alike]
            for t, other in targets:
                if not known(other):
                    continue
                w = 1.0
                if weights is not None:
                    agreeing = [weights[i] for i, c in enumerate(classes()) if agrees(c, other)]
                    w = sum(agreeing) / len(agreeing)
                total = total - w * t * torch.log(probability(row, other))
                mass += w * t
    return total / (mass if weights is not None else len(logits))


def focal(probability, logits, mixes, gamma):
    total = 0
    for row, parts in zip(logits, mixes):
        for share, label in parts:
            if known(label):
                p = probability(row, label)
                total = total - share * (1 - p) ** gamma * torch.log(p)
    return total / len(logits)


def soft_f1(probability, logits, mixes, eps):
    patterns = {}
    for parts in mixes:
        for share, label in parts:
            if known(label) and share > 0:
                patterns[tuple(v is None for v in label)] = same_known(label)
    scores = []
    for pattern, labels in patterns.items():
        for label in labels:
            tp = predicted = true = 0
            for row, parts in zip(logits, mixes):
                p = probability(row, label)
                weight = sum(s for s, l in parts if tuple(v is None for v in l) == pattern)
                t = sum(s for s, l in parts if l == label)
                tp = tp + p * t
                predicted = predicted + weight * p
                true += t
            scores.append(2 * tp / (predicted + true + eps))
    return 1 - sum(scores) / len(scores)


def logit_adjustment(prior, tau):
    """google-research/logit_adjustment, utils.py and main.py: added to the logits in training."""
    return torch.log(torch.tensor(prior, dtype=torch.float64) ** tau + 1e-12)


def balanced_softmax(counts):
    """jiawei-ren/BalancedMetaSoftmax-Classification, loss/BalancedSoftmaxLoss.py."""
    return torch.tensor(counts, dtype=torch.float64).log()


def adjusted_probability(joint, added):
    """The sum over the classes that agree with a label, of the adjusted softmax."""

    def probability(logits, label):
        p = torch.softmax(joint(logits) + added, 0)
        return sum(p[i] for i, c in enumerate(classes()) if agrees(c, label))

    return probability


def joint_of_heads(logits):
    return torch.stack([torch.log(head_probability(logits, c)) for c in classes()])


def joint_of_years(logits):
    return torch.stack([torch.log(years_probability(logits, c)) for c in classes()])


def adjusted_years(logits, mixes, ages, added):
    """Within an age group, the years have the shares that the head of years gives them."""
    probability = adjusted_probability(joint_of_years, added)
    total = 0
    for row, parts, own in zip(logits, mixes, ages):
        for (share, label), age in zip(parts, own):
            label = label if age is None else label[:2] + [None]
            if known(label):
                total = total - share * torch.log(probability(row, label))
            if age is not None:
                p = torch.softmax(row[5:], 0)
                target = torch.exp(-((torch.arange(101) - age) ** 2) / 8.0).double()
                target = target / target.sum()
                groups = year_groups(p)
                for year in range(101):
                    group = 0 if year < 30 else 1 if year < 60 else 2
                    q = probability(row, [None, None, group]) * p[year] / groups[group]
                    total = total - share * target[year] * torch.log(q)
    return total / len(logits)


def record(function, logits):
    x = logits.clone().requires_grad_(True)
    value = function(x)
    value.backward()
    return {"value": value.item(), "gradient": x.grad.tolist()}


mixes = []
for _ in range(ROWS):
    share = float(torch.rand(()))
    mixes.append([(share, random_label()), (1 - share, random_label())])
mixes[0] = [(1.0, [None, None, None])]
mixes[1] = [(1.0, [2, None, None])]
mixes[2] = [(1.0, [None, 1, 0])]
mixes[3] = [(1.0, [0, 1, 2])]
weights = [float(i) for i in range(1, 19)]
result = {"mixes": mixes, "weights": weights, "losses": {}}
counts = [float((7 * i) % 18 + 1) ** 2 for i in range(18)]
prior = [n / sum(counts) for n in counts]
result["counts"] = counts
result["prior"] = prior
adjustments = {
    "logit adjusted": logit_adjustment(prior, 1.0),
    "logit adjusted, tau 1.5": logit_adjustment(prior, 1.5),
    "balanced softmax": balanced_softmax(counts),
}
for name, width, probability in (
    ("classes", 18, class_probability),
    ("heads", 8, head_probability),
):
    logits = 2 * torch.randn(ROWS, width, dtype=torch.float64)
    result[name] = logits.tolist()
    for loss, function in {
        "cross entropy": lambda x: cross_entropy(probability, x, mixes),
        "smoothed": lambda x: cross_entropy(probability, x, mixes, smoothing=0.1),
        "weighted": lambda x: cross_entropy(probability, x, mixes, weights=weights),
        "focal": lambda x: focal(probability, x, mixes, 2.0),
        "soft macro F1": lambda x: soft_f1(probability, x, mixes, 1e-7),
    }.items():
        result["losses"][f"{name}, {loss}"] = record(function, logits)
    joint = joint_of_heads if name == "heads" else lambda x: x
    for loss, added in adjustments.items():
        adjusted = adjusted_probability(joint, added)
        result["losses"][f"{name}, {loss}"] = record(
            lambda x: cross_entropy(adjusted, x, mixes), logits
        )
    if name == "classes":
        # All attributes known, as the authors compute it.
        hard = torch.arange(ROWS) * 5 % 18
        result["hard"] = hard.tolist()
        for loss, added in adjustments.items():
            result["losses"][f"hard, {loss}"] = record(
                lambda x: torch.nn.functional.cross_entropy(x + added, hard), logits
            )
ages = [[None if torch.rand(()) < 0.3 else int(torch.randint(101, ())) for _ in parts] for parts in mixes]
ages[0] = [None]
ages[1] = [None]
logits = 2 * torch.randn(ROWS, 106, dtype=torch.float64)
result["ages"] = ages
result["years"] = logits.tolist()
result["losses"]["years, cross entropy"] = record(lambda x: years_cross_entropy(x, mixes, ages), logits)
result["losses"]["years, weighted"] = record(lambda x: years_cross_entropy(x, mixes, ages, weights), logits)
for loss, added in adjustments.items():
    result["losses"][f"years, {loss}"] = record(
        lambda x: adjusted_years(x, mixes, ages, added), logits
    )
path = pathlib.Path(__file__).with_name("partial_labels.json")
path.write_text(json.dumps(result) + "\n")
