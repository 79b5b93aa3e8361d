"""Answers of scikit-learn's GaussianNB with the shares of training and with others.

Its likelihoods do not depend on the shares, so its answers with other shares are the correct ones.
Writes prior.json beside this file. Needs scikit-learn.
"""

import json
import pathlib

import numpy as np
from sklearn.naive_bayes import GaussianNB

rng = np.random.default_rng(5)
train = [0.7, 0.2, 0.1]
target = [0.15, 0.25, 0.6]
means = np.array([[0.0, 0.0], [1.5, 0.0], [0.0, 1.5]])
x = np.concatenate([means[c] + rng.normal(size=(400, 2)) for c in range(3)])
y = np.repeat(np.arange(3), 400)
trained = GaussianNB(priors=train).fit(x, y)
other = GaussianNB(priors=target).fit(x, y)
drawn = rng.choice(3, size=600, p=target)
photos = means[drawn] + rng.normal(size=(600, 2))
answers = trained.predict_proba(photos)

result = {
    "training": train,
    "target": target,
    "answers": [[round(float(v), 9) for v in row] for row in answers[:200]],
    "corrected": [[round(float(v), 9) for v in row] for row in other.predict_proba(photos[:200])],
}
# Saerens, Latinne and Decaestecker, 2002, equation 2.9.
few = np.array(result["answers"])
estimate = np.array(train)
for _ in range(20000):
    posterior = few * estimate / train
    posterior /= posterior.sum(1, keepdims=True)
    estimate = posterior.mean(0)
result["estimate"] = estimate.tolist()
result["shares"] = np.bincount(drawn[:200], minlength=3).tolist()
path = pathlib.Path(__file__).with_name("prior.json")
path.write_text(json.dumps(result) + "\n")
