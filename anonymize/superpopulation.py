"""Superpopulation: how many people of a population are unique, estimated from the classes of a sample."""

from dataclasses import dataclass
from math import exp, isfinite, lgamma

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, gammaln
from scipy.stats import hypergeom

from anonymize.ladder import Codes

FEW = 0.1
"""Sampling fraction up to which Pitman's model is preferred (Dankar et al., 2012)."""


@dataclass(frozen=True)
class Uniqueness:
    """Share of the population that is unique, by model; `chosen` says which one `decided` is, 0 to 1.

    A model that has no estimate for the sample gives none.
    """

    pitman: float | None
    zayatz: float | None
    decided: float
    chosen: str


def estimate_uniqueness(sizes: Codes, population: int) -> Uniqueness:
    """Estimate from the sizes of all classes of a sample and the size of the population.

    The choice follows Dankar et al. (BMC Medical Informatics 2012): Pitman's model up to a sampling fraction
    of 0.1, else Zayatz's. They also try a slide negative binomial model above 0.1 and take it where it gives
    less; that one is not offered here. Without uniques in the sample every estimate is 0.
    """
    if not (sizes == 1).any():
        return Uniqueness(0.0, 0.0, 0.0, "none unique in the table")
    pitman, zayatz = _estimate_pitman(sizes, population), _estimate_zayatz(sizes, population)
    if int(sizes.sum()) / population <= FEW and pitman is not None:
        return Uniqueness(pitman, zayatz, pitman, "pitman")
    return Uniqueness(pitman, zayatz, zayatz, "zayatz")


def _estimate_zayatz(sizes: Codes, population: int) -> float:
    """Zayatz (1991): class sizes of the population are distributed as those of the sample.

    Then P(one of one | one seen) follows from the hypergeometric chance to see one of a class.
    """
    size, number = np.unique(sizes, return_counts=True)
    sample, share = int(sizes.sum()), number / len(sizes)
    seen_once = hypergeom.pmf(1, population, size, sample)
    alone = float(share[0] * seen_once[0] / (share @ seen_once))
    return float(number[0] * alone / sample)


def _estimate_pitman(sizes: Codes, population: int) -> float | None:
    """Pitman's sampling formula, fitted by maximum likelihood (Hoshino, 2001).

    With theta and alpha fitted, Gamma(theta + 1) / Gamma(theta + alpha) * N ** alpha of N people are unique.
    """
    size, number = np.unique(sizes, return_counts=True)
    classes, sample = len(sizes), int(sizes.sum())

    def lose(given: np.ndarray) -> float:
        theta, alpha = np.exp(given[0]), expit(given[1])
        ratio = theta / alpha
        chosen = (classes - 1) * np.log(alpha) + gammaln(ratio + classes) - gammaln(ratio + 1)
        seen = gammaln(theta + sample) - gammaln(theta + 1)
        inside = number @ (gammaln(size - alpha) - gammaln(1 - alpha))
        return float(seen - chosen - inside)

    if classes == sample:
        return None  # nobody is like anybody: the likelihood has no largest value
    fitted = minimize(
        lose, np.array([np.log(classes), 0.0]), method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-10}
    )
    theta, alpha = float(np.exp(fitted.x[0])), float(expit(fitted.x[1]))
    share = exp(lgamma(theta + 1) - lgamma(theta + alpha) + (alpha - 1) * np.log(population))
    return share if isfinite(share) and 0 < share <= 1 else None
