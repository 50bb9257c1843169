"""Refusal: why nothing is anonymized."""


class PolicyNotMet(Exception):
    """What was given cannot be published under the policy; says by how much, and which policy would do."""


class UnsafeRecoding(Exception):
    """The recoding has a class below k: an error in this program, never a release."""
