"""What a guardian takes home: all of it, nothing of others, whole or not at all."""

import io
import json
import stat
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.consents.answers import Answer, Guardian, record_consent
from collector.dataset.consents.dossier import hand_over, write_dossier
from collector.dataset.consents.receipts import issue_receipt, read_code
from collector.dataset.consents.texts import consent_texts
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import Emotion
from collector.dataset.erasure import bin_own_photo, erase_participant
from collector.dataset.errors import NotFound, UserMistake
from collector.dataset.exports import register_export
from collector.dataset.labels import Judgement, cast_vote
from collector.dataset.participants import Attributes, find_participant, register_participant
from collector.dataset.runs import RunPrediction, finish_run, register_run, save_predictions
from collector.dataset.snapshots import freeze_snapshot
from tests.cast import SIGNATURE, drawn_jpeg, enrol, give, sit, snap

pytestmark = pytest.mark.slow


class Household:
    """A child about whom everything there can be is held, and another one beside it."""

    def __init__(self, dataset: Dataset, staff: dict[str, uuid.UUID], folder: Path) -> None:
        self.dataset = dataset
        self.child = register_participant(
            dataset,
            Attributes(birth_year=clock.now().year - 7, birth_month=5, sex="girl", glasses=True,
                       origin="from Kostanay & around"),
            actor="olga",
            real_name="Aruzhan",
        ).id  # fmt: skip
        give(dataset, self.child)
        give(dataset, self.child, "publication", given=False)
        give(dataset, self.child, "sharing")
        self.receipt = issue_receipt(dataset, self.child, actor="olga")
        self.session = sit(dataset, self.child, staff["olga"])
        self.photos = [snap(dataset, self.session), snap(dataset, self.session, Emotion.SAD)]
        self.binned = snap(dataset, self.session)
        bin_own_photo(dataset, self.session.id, self.binned)
        self.stranger = snap(dataset, sit(dataset, enrol(dataset, "research")))
        for reviewer in ("rita", "rustam"):
            cast_vote(dataset, staff[reviewer],
                      Judgement(uuid.uuid4(), self.photos[0], "emotion", Emotion.FEAR))  # fmt: skip
        snapshot = freeze_snapshot(dataset, "first", "prompted", actor="rita")
        run = register_run(dataset, snapshot_id=snapshot.id, architecture="resnet152",
                           folder=folder / "run", config={})  # fmt: skip
        scores = dict.fromkeys([one.value for one in Emotion], 0.125)
        save_predictions(
            dataset, run, [RunPrediction(self.photos[0], "train", Emotion.SAD, scores)]
        )
        finish_run(dataset, run, state="done", metrics=None)
        register_export(dataset, {self.photos[0]: self.child}, purpose="sharing", format="folders",
                        path=folder / "copy", actor="rita")  # fmt: skip
        withdraw(dataset, self.child, ["sharing"], channel="operator", actor="olga")

    def show_second_face(self, photo: uuid.UUID) -> None:
        with self.dataset.database.write() as session:
            session.execute(
                text("UPDATE photo SET state = 'quarantined', state_reason = 'second_face'"
                     " WHERE id = :id"),
                {"id": photo.hex},
            )  # fmt: skip

    def open(self) -> zipfile.ZipFile:
        dossier = hand_over(self.dataset, self.child, actor="olga")
        return zipfile.ZipFile(io.BytesIO(dossier.content))

    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.open().read("data.json"))
        return found


@pytest.fixture
def household(dataset: Dataset, staff: dict[str, uuid.UUID], tmp_path: Path) -> Household:
    return Household(dataset, staff, tmp_path)


def test_everything_held_about_the_child_is_there(household: Household) -> None:
    data = household.data()
    child = data["child"]
    assert (child["real_name"], child["birth_month"], child["sex"]) == ("Aruzhan", 5, "girl")
    assert [(one["purpose"], one["state"], one["stands"]) for one in data["consents"]] == [
        ("research", "given", True), ("publication", "refused", False), ("sharing", "given", False),
    ]  # fmt: skip
    assert data["consents"][0]["guardian"] == {"name": "Gulnara the guardian"}
    assert [one["purpose"] for one in data["withdrawals"]] == ["sharing"]
    assert len(data["receipts"]) == 1
    (session,) = data["sessions"]
    assert (session["assent"], session["light"]) == ("yes", "natural")
    assert [one["id"] for one in session["photos"]] == [str(one) for one in household.photos]
    first = session["photos"][0]
    assert first["luminance_mean"] > 0
    assert [one["emotion"] for one in first["votes"]] == ["fear", "fear"]
    assert [one["emotion"] for one in first["predictions"]] == ["sad"]
    assert first["snapshots"] == [{"name": "first", "label": "happy"}]
    assert [one["purpose"] for one in data["exports"]] == ["sharing"]
    assert [one["photos"] for one in data["snapshots"]] == [2]
    assert [one["architecture"] for one in data["models"]] == ["resnet152"]
    assert [one["kind"] for one in data["duties"]] == ["export"]


def test_the_texts_are_those_that_were_signed(household: Household, dataset: Dataset) -> None:
    with dataset.database.read() as session:
        signed = consent_texts(session, "research")[0]
    found = household.data()["consents"][0]["text"]
    assert (found["body"], found["sha256"]) == (signed.body, signed.sha256)


def test_photos_and_documents_are_the_very_bytes(household: Household) -> None:
    container, data = household.open(), household.data()
    for photo, emotion in zip(data["sessions"][0]["photos"], ("happy", "sad"), strict=True):
        assert container.read(photo["file"]) == drawn_jpeg(Emotion(emotion))
    for consent in data["consents"]:
        assert container.read(consent["file"]) == SIGNATURE
    assert len(container.namelist()) == 2 + 2 + 3


def test_the_log_tells_of_the_child_and_of_photos_it_threw_away(household: Household) -> None:
    events = household.data()["events"]
    actions = [one["action"] for one in events]
    for action in ("participant registered", "consent given", "consent refused", "assent",
                   "photo erased", "consent withdrawn"):  # fmt: skip
        assert action in actions, action
    assert actions.count("session started") == 1
    assert {one["by"] for one in events} <= {"child", "staff"}


def test_nobody_else_is_named_or_shown(
    household: Household, dataset: Dataset, staff: dict[str, uuid.UUID]
) -> None:
    container = household.open()
    content = container.read("data.json").decode() + container.read("index.html").decode()
    for name in ("rita", "rustam", "olga", str(household.stranger), household.stranger.hex):
        assert name not in content, name
    for account in staff.values():
        assert str(account) not in content
        assert account.hex not in content
    votes = household.data()["sessions"][0]["photos"][0]["votes"]
    assert sorted(one["reviewer"] for one in votes) == ["reviewer 1", "reviewer 2"]
    code = read_code(dataset, household.receipt)
    assert code not in content
    assert code.replace(" ", "") not in content


def test_a_photo_with_a_second_face_is_counted_and_left_out(household: Household) -> None:
    household.show_second_face(household.photos[0])
    container, data = household.open(), household.data()
    assert data["photos_left_out"] == 1
    photos = data["sessions"][0]["photos"]
    assert [one["id"] for one in photos] == [str(household.photos[1])]
    assert len([one for one in container.namelist() if one.startswith("photos/")]) == 1
    assert "somebody else can be seen in them: 1" in container.read("index.html").decode()


def test_photos_that_nobody_may_use_any_more_are_the_guardian_s_still(
    household: Household, dataset: Dataset
) -> None:
    give(dataset, household.child, given=False, signed_at=clock.now())
    assert len(household.data()["sessions"][0]["photos"]) == 2


@pytest.mark.parametrize(
    ("language", "heading"),
    [("ru", "Все сведения о ребёнке"), ("kk", "туралы сақталған барлық мәлімет"),
     ("uk", "Усі відомості про дитину"), ("en", "All that is held about")],
)  # fmt: skip
def test_the_page_speaks_the_language_of_the_consent(
    household: Household, dataset: Dataset, language: str, heading: str
) -> None:
    with dataset.database.read() as session:
        (wanted,) = [one for one in consent_texts(session, "research") if one.language == language]
    answer = Answer("research", wanted.id, Guardian("<b>Gulnara</b>"), "mother", "screen",
                    signed_at=clock.now(), document=SIGNATURE)  # fmt: skip
    record_consent(dataset, household.child, answer, actor="test")
    page = household.open().read("index.html").decode()
    assert heading in page
    assert f'lang="{language}"' in page
    assert "&lt;b&gt;Gulnara" in page
    assert "<b>" not in page
    assert "Kostanay &amp; around" in page
    for photo in household.data()["sessions"][0]["photos"]:
        assert f'src="{photo["file"]}"' in page


def test_handing_over_is_logged_without_a_name(household: Household, dataset: Dataset) -> None:
    household.open()
    with dataset.database.read() as session:
        (event,) = session.execute(
            text("SELECT actor, subject, details FROM audit_event"
                 " WHERE action = 'all data handed over'")
        ).all()  # fmt: skip
    assert tuple(event) == ("olga", household.child.hex, '{"photos": 2, "left_out": 0}')


def test_the_file_is_the_owner_s_alone_and_replaces_nothing(
    household: Household, dataset: Dataset, tmp_path: Path
) -> None:
    file = tmp_path / "child.zip"
    write_dossier(dataset, household.child, file, actor="command")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(UserMistake, match="exists already"):
        write_dossier(dataset, household.child, file, actor="command")
    assert file.read_bytes() == before


def test_nothing_is_left_of_a_refused_file(
    household: Household, dataset: Dataset, tmp_path: Path
) -> None:
    for place in (
        dataset.folder / "x.zip",
        dataset.keys.folder / "x.zip",
        tmp_path / "no" / "x.zip",
    ):
        with pytest.raises(UserMistake):
            write_dossier(dataset, household.child, place, actor="command")
        assert not place.exists()
    erase_participant(dataset, household.child, actor="test")
    with pytest.raises(NotFound):
        write_dossier(dataset, household.child, tmp_path / "late.zip", actor="command")
    assert [one.name for one in tmp_path.glob("*.zip*")] == []


def test_a_child_about_whom_little_is_held(dataset: Dataset) -> None:
    child = enrol(dataset)
    dossier = hand_over(dataset, child, actor="olga")
    with dataset.database.read() as session:
        pseudonym = find_participant(session, child).pseudonym
    assert (dossier.name, dossier.photos) == (f"{pseudonym}.zip", 0)
