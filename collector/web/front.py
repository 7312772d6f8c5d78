"""The shell's own pages: first account, sign-in, home, accounts, the study."""

import re

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from collector.dataset import clock
from collector.dataset.consents.duties import overdue
from collector.dataset.consents.terms import due_for_erasure
from collector.dataset.emotions import LANGUAGES
from collector.dataset.errors import NotFound
from collector.dataset.overview import count_everything
from collector.dataset.studies import StudyDetails, describe_study, read_study
from collector.dataset.upkeep.backup_age import backup_warnings
from collector.dataset.users import add_user, end_sign_ins, has_users, list_users
from collector.dataset.users import sign_in as check_password
from collector.dataset.vocabulary import ROLES
from collector.web import forms
from collector.web.access import account_of, from_this_machine, me, public, roles, signed_in
from collector.web.companions import _, lazy, sign_in_user, sign_out_user
from collector.web.here import dataset
from collector.web.rooms import Door

blueprint = Blueprint("front", __name__)

DOORS = (
    Door("front.study", lazy("The study"), frozenset({"admin", "operator"})),
    Door("front.accounts", lazy("Accounts"), frozenset({"admin"})),
)


@blueprint.get("/")
@public
def entrance() -> Response | str | tuple[str, int]:
    """Where everybody begins."""
    with dataset().database.read() as db:
        if not has_users(db):
            return redirect(url_for("front.first_account"))
    return redirect(url_for("front.home"))


@blueprint.get("/welcome")
@public
def first_account() -> str:
    """The form for the first account, shown on the machine itself while there is none."""
    _require_first_visit()
    return render_template("first_account.html", role_names=ROLES)


@blueprint.post("/welcome")
@public
def make_first_account() -> Response:
    """Make the first account and sign in."""
    _require_first_visit()
    chosen = request.form.getlist("roles") or ROLES
    user = add_user(
        dataset(),
        forms.text("name"),
        request.form.get("password", ""),
        {*chosen, "admin"},
        actor="first visit",
        only_first=True,
    )
    sign_in_user(account_of(user))
    return redirect(url_for("front.home"))


@blueprint.get("/sign-in")
@public
def sign_in_page() -> str:
    """The sign-in form."""
    return render_template("sign_in.html", sentence=None, target="/")


@blueprint.post("/sign-in")
@public
def sign_in() -> Response | tuple[str, int]:
    """Sign in and go on to where the visitor wanted."""
    user = check_password(dataset(), forms.text("name"), request.form.get("password", ""))
    target = forms.text("target")
    if user is None:
        sentence = _("This name and password do not belong together.")
        return render_template("sign_in.html", sentence=sentence, target=target), 401
    session.permanent = True  # as long as PERMANENT_SESSION_LIFETIME says, and no longer
    sign_in_user(account_of(user))
    return redirect(_own_page(target))


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """Sign out, here and wherever else this user is signed in."""
    end_sign_ins(dataset(), me().id)
    sign_out_user()
    return redirect(url_for("front.sign_in_page"))


@blueprint.post("/language")
@public
def choose_language() -> Response:
    """Remember the visitor's language."""
    if forms.text("language") in LANGUAGES:
        session["language"] = forms.text("language")
    return redirect(_own_page(forms.text("target")))


@blueprint.get("/home")
@signed_in
def home() -> str:
    """What there is and what to do next."""
    with dataset().database.read() as db:
        return render_template(
            "home.html",
            counts=count_everything(db),
            backup_due=not dataset().play and any(backup_warnings(db, clock.now())),
            overdue=len(overdue(db, clock.now())),
            due_for_erasure=len(due_for_erasure(db, clock.now())),
        )


@blueprint.get("/accounts")
@roles("admin")
def accounts() -> str:
    """All accounts, and the form for a new one."""
    with dataset().database.read() as db:
        return render_template("accounts.html", users=list_users(db), role_names=ROLES)


@blueprint.post("/accounts")
@roles("admin")
def add_account() -> Response:
    """Make an account."""
    add_user(
        dataset(),
        forms.text("name"),
        request.form.get("password", ""),
        request.form.getlist("roles"),
        actor=me().name,
    )
    return redirect(url_for("front.accounts"))


@blueprint.get("/study")
@roles("admin", "operator")
def study() -> str:
    """The study's details."""
    with dataset().database.read() as db:
        return render_template("study.html", study=read_study(db))


@blueprint.post("/study")
@roles("admin", "operator")
def save_study() -> Response:
    """Fill in the study's details."""
    details = StudyDetails(
        title=forms.text("title"),
        controller=forms.text("controller"),
        contact=forms.text("contact"),
        ethics_approval=forms.text("ethics_approval"),
        capture_until=forms.optional_date("capture_until"),
        keep_until=forms.optional_date("keep_until"),
    )
    describe_study(dataset(), details, actor=me().name)
    return redirect(url_for("front.study", saved="yes"))


def _require_first_visit() -> None:
    with dataset().database.read() as db:
        if has_users(db) or not from_this_machine():
            raise NotFound("The first account is made on the machine itself, once.")


def _own_page(target: str) -> str:
    """The target if it is a page of this app, else the home page: no redirect leads elsewhere."""
    # Browsers drop tabs and line ends from an address and take a backslash for a slash.
    is_own = target.isprintable() and "\\" not in target and re.match(r"/(?!/)", target)
    return target if is_own else url_for("front.home")
