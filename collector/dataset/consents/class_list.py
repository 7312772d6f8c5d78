"""A class list pasted from a spreadsheet: what each line says, and every mistake by its line.

Seven columns in a fixed order, with tabs or semicolons between them: the child's real name (may be
left out), the guardian's name, the relation, the date of signing, and the answers on research,
publication and sharing (empty where there is none). Words are taken in all four languages.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from collector.dataset import clock
from collector.dataset.consents.class_words import ANSWERS_BY_WORD, RELATIONS_BY_WORD
from collector.dataset.errors import Unprocessable
from collector.dataset.vocabulary import PURPOSES

Cell = TypeVar("Cell")

COLUMNS = 4 + len(PURPOSES)
MAX_LINES = 200


@dataclass(frozen=True)
class PaperForm:
    """What one line says: a child, who signed for it, when, and the answers by purpose."""

    number: int
    real_name: str | None
    guardian: str
    relation: str
    signed_on: date
    answers: dict[str, bool]


@dataclass(frozen=True)
class Fault:
    """One mistake in one line; `mistake` holds the sentence."""

    number: int
    mistake: Unprocessable


@dataclass(frozen=True)
class ClassList:
    """What was read: forms and faults in the order of the lines.

    `heading` is the first line where that names the columns; `namesakes` are the numbers of lines
    whose child's name stands in another line too.
    """

    forms: tuple[PaperForm, ...] = ()
    faults: tuple[Fault, ...] = ()
    heading: str | None = None
    namesakes: frozenset[int] = field(default_factory=frozenset)


def read_class_list(pasted: str, day: date | None = None) -> ClassList:
    """Read a pasted list; `day` is the date of signing where a line bears none.

    Raises Unprocessable for an empty list and for more than 200 lines.
    """
    lines = [(at, line) for at, line in enumerate(pasted.splitlines(), start=1) if line.strip()]
    heading = lines.pop(0)[1] if lines and _is_heading(_cells(lines[0][1])) else None
    if not lines:
        raise Unprocessable("The list is empty: paste it from your spreadsheet.")
    if len(lines) > MAX_LINES:
        raise Unprocessable("The list has more than 200 lines: record it in parts.")
    forms: list[PaperForm] = []
    faults: list[Fault] = []
    for number, line in lines:
        try:
            form = _read_line(number, _cells(line), day, faults)
        except Unprocessable as mistake:
            faults.append(Fault(number, mistake))
        else:
            forms += [form] if form else []
    return ClassList(tuple(forms), tuple(faults), heading, _namesakes(forms))


def _read_line(
    number: int, cells: Sequence[str], day: date | None, faults: list[Fault]
) -> PaperForm | None:
    """The form, or None and every mistake in `faults`; raises Unprocessable for no columns."""
    _refuse_other_columns(cells)
    padded = [*cells, *[""] * COLUMNS][:COLUMNS]

    def attempt(read: Callable[[], Cell]) -> Cell | None:
        try:
            return read()
        except Unprocessable as mistake:
            faults.append(Fault(number, mistake))
            return None

    real_name = attempt(lambda: _real_name(padded[0]))
    guardian = attempt(lambda: _guardian(padded[1]))
    relation = attempt(lambda: _relation(padded[2]))
    signed_on = attempt(lambda: _date(padded[3], day))
    answers = attempt(lambda: _answers(padded[4:]))
    if real_name is None or not (guardian and relation and signed_on and answers):
        return None
    return PaperForm(number, real_name or None, guardian, relation, signed_on, answers)


def _cells(line: str) -> list[str]:
    cells = [" ".join(cell.split()) for cell in line.split("\t" if "\t" in line else ";")]
    # Spreadsheets put a cell that holds quotation marks between quotation marks.
    return [cell[1:-1].strip() if re.fullmatch('".*"', cell) else cell for cell in cells]


def _is_heading(cells: Sequence[str]) -> bool:
    """Whether no cell but the names can be read: such a first line names the columns."""
    if not any(cells[2:]) or any(cell.casefold() in ANSWERS_BY_WORD for cell in cells[4:]):
        return False
    return not any(re.search(r"\d", cell) for cell in cells) and (
        len(cells) < 3 or cells[2].casefold() not in RELATIONS_BY_WORD
    )


def _refuse_other_columns(cells: Sequence[str]) -> None:
    if any(cells[COLUMNS:]):
        raise Unprocessable("There are more than seven columns.")
    if len(cells) == 1:
        raise Unprocessable("There is one column only: put tabs or semicolons between the columns.")


def _real_name(cell: str) -> str:
    if len(cell) > 200 or not cell.isprintable():
        raise Unprocessable("The child's name has at most 200 letters.")
    return cell


def _guardian(cell: str) -> str:
    if not cell:
        raise Unprocessable("The guardian's name is missing.")
    if len(cell) > 200 or not cell.isprintable():
        raise Unprocessable("The guardian's name has at most 200 letters.")
    return cell


def _relation(cell: str) -> str:
    relation = RELATIONS_BY_WORD.get(cell.casefold())
    if not cell:
        raise Unprocessable("The relation is missing.")
    if relation is None:
        raise Unprocessable(
            "The relation is mother, father or guardian, not “%(word)s”.", word=cell
        )
    return relation


def _date(cell: str, day: date | None) -> date:
    if not cell:
        if day is None:
            raise Unprocessable("The date is missing: there is none above the list either.")
        return day
    signed_on = _parse_date(cell)
    if signed_on is None or signed_on.year < 1990:
        raise Unprocessable(
            "“%(word)s” is no date: write it as 31.12.2025 or 2025-12-31.", word=cell
        )
    if signed_on > clock.now().astimezone().date():
        raise Unprocessable("The date %(word)s lies in the future.", word=cell)
    return signed_on


def _parse_date(cell: str) -> date | None:
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: ?г\.| ?р\.)?", cell)
    dashed = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", cell)
    if dotted:
        numbers = [int(one) for one in reversed(dotted.groups())]
    elif dashed:
        numbers = [int(one) for one in dashed.groups()]
    else:
        return None
    try:
        return date(*numbers)
    except ValueError:
        return None


def _answers(cells: Sequence[str]) -> dict[str, bool]:
    answers = {}
    for purpose, cell in zip(PURPOSES, cells, strict=True):
        if cell and cell.casefold() not in ANSWERS_BY_WORD:
            raise Unprocessable("“%(word)s” is no answer: write yes, no, + or -.", word=cell)
        if cell:
            answers[purpose] = ANSWERS_BY_WORD[cell.casefold()]
    if not answers:
        raise Unprocessable("There is no answer in this line.")
    return answers


def _namesakes(forms: Sequence[PaperForm]) -> frozenset[int]:
    names = Counter(one.real_name.casefold() for one in forms if one.real_name)
    return frozenset(
        one.number for one in forms if one.real_name and names[one.real_name.casefold()] > 1
    )
