"""What a user can put right, told apart from what is broken."""


class UserMistake(Exception):
    """The user must change something: one sentence, shown as it stands; commands exit with 2.

    `status` is the HTTP status that says the same to a browser. The sentence may hold named
    places, `%(name)s`, so that it can be translated before they are filled in.
    """

    status = 400

    def __init__(self, sentence: str, **values: object) -> None:
        """Take the sentence in English and what stands in its places."""
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values


class NotFound(UserMistake):
    """There is no such thing, or this person may not know of it."""

    status = 404


class Conflict(UserMistake):
    """What is asked for does not fit the state that things are in."""

    status = 409


class Erased(Conflict):
    """It was erased, and must not come back: the sender deletes its copy."""


class Unprocessable(UserMistake):
    """Understood, and not acceptable."""

    status = 422


class CommandMistake(UserMistake):
    """Said on a command line alone, in English: `make words` does not collect it."""
