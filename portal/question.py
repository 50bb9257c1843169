"""Questions: what each check of the verdict asks, in words for people who are no statisticians."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One check: what it asks, on which side of the required number a good answer lies, and the unit."""

    text: str
    limit: str = "at most"
    is_share: bool = False


# By name of the check. A comparison with an earlier release adds " to release N" to its name.
QUESTIONS: dict[str, Question] = {
    "rows": Question("Is there a row at all?", "at least"),
    "columns": Question("Are the columns exactly those that the policy names?"),
    "values": Question("Is every value one that its column may hold?"),
    "class size": Question("Does every row look the same as enough others?", "at least"),
    "class size, blank as wildcard": Question(
        "How many rows would fit the rarest description if a blank could stand for any value?"
    ),
    "ladders": Question("Do the finer and the coarser values of a row agree?"),
    "sensitive values": Question("Is every answer about the exploitation shared by enough rows?", "at least"),
    "sensitive blanks": Question("Can no blank be read as the answer it hides?"),
    "combinations": Question(
        "Does whoever knows several facts about a person at once still find enough rows that fit?"
    ),
    "homogeneity": Question(
        "How much about the exploitation is known of a person as soon as the class is known?", is_share=True
    ),
    "maximum risk": Question(
        "How likely is it to pick the right row for the person who is easiest to find?", is_share=True
    ),
    "average risk": Question("How likely is it on average, over all rows?", is_share=True),
    "footer": Question("Does the file say truly how it is protected?"),
    "order": Question("Does the order of the rows give nothing away?"),
    "country cells": Question("Is every count of a country or region large enough?", "at least"),
    "country blocks": Question("Does every country stand once in each window, and no region alone?"),
    "country variety": Question("Does no count of a country say that all or none of its cases are so?"),
    "known totals": Question(
        "Does whoever knows the totals of every country find nobody by subtracting what is published?"
    ),
    "country difference": Question(
        "If an earlier release is subtracted from it, does nobody stand out in the counts of countries?"
    ),
    "difference": Question("If an earlier release is subtracted from it, does nobody stand out?"),
    "combination difference": Question(
        "If an earlier release is subtracted from it, does no combination with an answer stand out?"
    ),
    "sensitive difference": Question(
        "If an earlier release is subtracted from it, does no answer stand out?"
    ),
}


def find_question(check: str) -> Question:
    """The question behind the name of a check; the name itself where it is not known here."""
    return QUESTIONS.get(check.partition(" to release ")[0], Question(f"{check[:1].upper()}{check[1:]}", ""))
