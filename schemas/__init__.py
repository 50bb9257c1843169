"""What data may look like: the case, code lists, source description, findings, policy, verdict, release.

Imports no sibling package and opens nothing but its own code lists.
"""
