"""The text of a policy as a value, or an error that says what is wrong and where."""

from typing import TypeVar

import yaml
from pydantic import ValidationError

from schemas.plain_yaml import Document, read_document
from schemas.problem import InvalidDescription, write_problems
from schemas.strict import Strict
from schemas.yaml_remedy import explain_yaml_error

AnyPolicy = TypeVar("AnyPolicy", bound=Strict)


def build_policy(text: str, kind: type[AnyPolicy]) -> AnyPolicy:
    """The policy that a YAML text writes.

    Raises:
        InvalidDescription: not YAML, or not such a policy.
    """
    document = read_mapping("policy", text)
    problems = list(document.repeated)
    try:
        policy = kind(**document.values)
    except ValidationError as error:
        # here, as remedies know sources too, and a policy without a mistake needs none
        from schemas.remedy import explain_refusals

        problems += explain_refusals(error, kind, document.values)
    if problems:
        raise InvalidDescription("policy", write_problems(problems, document.lines))
    return policy


def read_mapping(what: str, text: str) -> Document:
    """The keys of a YAML text, and where each stands.

    Raises:
        InvalidDescription: not YAML, or without keys.
    """
    try:
        document = read_document(text)
    except yaml.YAMLError as error:
        raise InvalidDescription(what, [explain_yaml_error(error)]) from None
    if not isinstance(document.values, dict):
        raise InvalidDescription(what, ["no keys at all; start with a copy of another description"])
    return document
