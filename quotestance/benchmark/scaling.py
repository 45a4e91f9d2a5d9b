"""What an article costs with more of them and with longer ones; each point in a fresh process."""

from __future__ import annotations

from quotestance.benchmark.measuring import Row, in_fresh_process, spread
from quotestance.benchmark.plan import DEFAULT, Plan

NUMBERS = {"quick": (5, 10), "normal": (10, 50), "full": (10, 100, 1000, 10_000)}
WORDS = {"quick": (100, 400), "normal": (100, 1000, 5000), "full": (100, 1000, 10_000, 100_000)}

SHORT = 50  # words of each article where their number grows
_AT_LEAST = {
    "quick": 400,
    "normal": 1000,
    "full": 2000,
}  # words of a repeat where their length does
SECONDS = {"quick": 1, "normal": 6, "full": 60}  # after which a point has no further repeat


def measure(plan: Plan) -> list[Row]:
    """Seconds an article and a thousand words, and the most memory held, in MB."""
    points = [("number", number, SHORT) for number in NUMBERS[plan.effort]]
    points += [
        ("length", max(1, _AT_LEAST[plan.effort] // words), words) for words in WORDS[plan.effort]
    ]
    return [_point(plan, *point) for point in points]


def _point(plan: Plan, varied: str, number: int, words: int) -> Row:
    found = in_fresh_process(
        "scaling",
        engine=DEFAULT.engine,
        device=DEFAULT.device,
        quotations=plan.quotations,
        stance=plan.stance,
        number=number,
        words=words,
        repeats=plan.repeats,
        budget=SECONDS[plan.effort],
    )
    times, total = found["times"], found["words"]
    return {
        "what": f"quotestance {found['engine']}",
        "varied": varied,
        "articles": number,
        "words_each": round(total / number),
        "ms_per_article": spread([1000 * each / number for each in times]),
        "ms_per_1000_words": spread([1e6 * each / total for each in times]),
        "loaded_mb": found["loaded_mb"],
        "peak_mb": found["peak_mb"],
    }
