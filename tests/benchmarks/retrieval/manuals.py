"""Sections of manuals, data sheets and conditions of many products."""

import random
from datetime import UTC, datetime, timedelta

from tests.benchmarks.retrieval import names
from tests.benchmarks.retrieval.question_set import EACH, Question, Text
from tests.benchmarks.retrieval.topics import Topic


def manuals(draw: random.Random, sections: list[Topic]) -> tuple[list[Text], list[Question]]:
    texts: list[Text] = []
    questions: list[Question] = []
    fitting = {section.name for section in draw.sample(sections, len(sections) // 2)}
    for product in names.products(draw, 40):
        for section in sections:
            number = len(texts)
            at = datetime(2026, 6, 1, 9, tzinfo=UTC) - timedelta(days=draw.randrange(700))
            body = " ".join(one.format(p=product, n=draw.randrange(6, 95)) for one in section.statements)
            if draw.random() < 0.3:
                body = body.replace(product, "machine", 1)  # as documents do: the product stands in the heading only
            header = f"{product} · {draw.choice(('Data sheet', 'Manual', 'Conditions'))} · {at:%b %Y}"
            texts.append(Text(f"d{number}", "", "document", at, header, body))
            asked = draw.choice(section.questions).format(p=product)
            questions.append(Question(asked, {f"d{number}": 2}, None, section.name in fitting))
    draw.shuffle(questions)
    chosen = [one for one in questions if one.fitting][:EACH] + [one for one in questions if not one.fitting][:EACH]
    return texts, chosen
