"""Individual risk: the chance that a record is rightly told to be somebody, by what the attacker knows."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import hyp2f1

from anonymize.ladder import Codes

Floats = NDArray[np.float64]

LARGE = 200
"""Classes for which the hypergeometric series is added up here: the library's gives up on the largest."""


def rate_prosecutor(cases: Codes) -> Floats:
    """1 / f by class: the attacker knows that the person is in the table (El Emam, 2010)."""
    return np.asarray(1 / cases)


def rate_journalist(people: Codes) -> Floats:
    """1 / F by class, F people of the population who look like it: only they are known to the attacker."""
    return np.asarray(1 / people)


def estimate_journalist(cases: Codes, fraction: float) -> Floats:
    """The expectation of 1 / F given f, where the table is a random sample of the population.

    Benedetti and Franconi (1998), with F negative binomial given f; the closed form is that of Polettini
    (2003): p ** f / f * 2F1(f, f; f + 1; 1 - p), p the fraction. It is 1 / f for a sample of everybody.
    """
    size, place = np.unique(cases, return_inverse=True)
    # after Euler's transformation of the series, which does not overflow for large classes
    rest = 1 - fraction
    given = hyp2f1(1, 1, np.minimum(size, LARGE) + 1.0, rest)
    series = np.where(size > LARGE, _add_series(size, rest), given)
    return np.asarray((fraction / size * series)[place])


def _add_series(size: Codes, rest: float) -> Floats:
    """2F1(1, 1; f + 1; rest) term by term, for sizes at which 50 of them are exact."""
    term = np.ones(len(size))
    total = np.ones(len(size))
    for number in range(1, 50):
        term = term * number * rest / (size + number)
        total += term
    return total
