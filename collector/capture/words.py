"""The words of the tablet's page, in the session's language."""

from collector.web.companions import _, speaking

FOR_ADULTS = {
    "offline", "unkept", "rescue", "rescue_why", "rescue_save", "rescued", "back", "listen",
    "help_denied_ipad", "help_denied_android", "help_denied_windows",
    "help_denied_other", "help_busy", "help_no_camera", "help_insecure", "help_frozen",
}  # fmt: skip


def tablet_words(language: str) -> dict[str, str]:
    """All words that the page shows, by a short name."""
    with speaking(language):
        return {
            "hello": _("Hello! Shall we play with faces?"),
            "assent": _("I take photos of your face. You can stop whenever you like."),
            "yes": _("Yes"),
            "no": _("No"),
            "not_today": _("Not today"),
            "declined": _("That is fine. Thank you for telling me!"),
            "assent_play": _("We only play: no photo is taken. You can stop whenever you like."),
            "no_voice": _(
                "For the adult: this tablet has no voice for this language (%(language)s). "
                "Read aloud, or record the sentences once, on the page “Voices”.",
                language="{language}",
            ),
            "listen": _("Listen"),
            "camera": _("First the camera: tap to switch it on."),
            "start_camera": _("Switch on the camera"),
            "camera_on": _("There you are! Sit so that your face is in the circle."),
            "practice": _("Let us try it once, without a photo: tap, and look at the camera."),
            "pause": _("A little break! Shake your hands and stretch."),
            "ready": _("I am ready"),
            "look_here": _("Look at the camera!"),
            "skip": _("Skip"),
            "stop": _("Stop"),
            "next": _("Next"),
            "star": _("A star for you!"),
            "again": _("Once more, with me"),
            "model": _("Look at me, and do the same!"),
            "well_done": _("Well done!"),
            "certificate": _("Certificate of stars"),
            "collected": _("Stars collected: %(count)s", count="{count}"),
            "taken": _("Photos taken: %(count)s", count="{count}"),
            "saved": _("Saved: %(count)s", count="{count}"),
            "waiting": _("Still being saved: %(count)s", count="{count}"),
            "thrown": _("Thrown away: %(count)s", count="{count}"),
            "not_saved": _("Could not be saved: %(count)s", count="{count}"),
            "all_saved": _("Everything is saved."),
            "finished": _("Thank you! You have collected all the stars."),
            "stopped": _("Thank you! You did very well."),
            "keep_or_bin": _("May we keep your photos?"),
            "keep": _("Keep them"),
            "bin": _("Throw them away"),
            "binned": _("They are gone. Thank you!"),
            "look": _("These are your photos. Tap one to throw it away."),
            "throw_away": _("Throw this photo away?"),
            "keep_it": _("Keep it"),
            "throw_it": _("Throw it away"),
            "photo": _("Photo %(count)s", count="{count}"),
            "done": _("Done"),
            "goodbye": _("Goodbye! Please give the tablet back."),
            "over": _("This session is over. Please give the tablet back."),
            "no_camera": _("I cannot find a camera. Please call the adult."),
            "camera_denied": _("The camera is not allowed here. Please call the adult."),
            "camera_busy": _("Another program is using the camera. Please call the adult."),
            "camera_insecure": _("The camera needs a secure address. Please call the adult."),
            "camera_lost": _("The camera has stopped. Please call the adult."),
            "camera_hidden": _("The camera had a rest. Tap to go on."),
            "camera_frozen": _("The picture stands still. Please call the adult."),
            **_advice_on_cameras(),
            **_guidance(),
            "try_again": _("Try again"),
            "offline": _("No connection: your photos wait here and are not lost."),
            "unkept": _(
                "For the adult: this browser cannot keep photos. Leave this page open until "
                "everything is saved."
            ),
            "rescue": _("For the adult: save the waiting photos to a file"),
            "rescue_why": _(
                "If this tablet cannot reach the server any more: the photos that wait here go "
                "into a file that only the server can read. Carry it there and open it on the "
                "page “Children”, “Bring in waiting photos”. The photos also stay here."
            ),
            "rescue_save": _("Save the file"),
            "rescued": _("The file is in this tablet's downloads."),
            "back": _("Back"),
            "refused": _("This photo could not be saved. %(sentence)s", sentence="{sentence}"),
            "erased": _(
                "Your photos are gone: somebody asked us to delete them. Thank you for taking part!"
            ),
        }


def _guidance() -> dict[str, str]:
    """What a child that sees itself is told, by the advice's word."""
    return {
        "guide_somebody_else": _("Somebody else is in the picture."),
        "guide_no_face": _("Where are you? Look into the circle."),
        "guide_closer": _("Come a little closer."),
        "guide_back": _("Move back a little."),
        "guide_face_here": _("Move to the middle."),
        "guide_light_from_front": _("More light from the front, please."),
        "guide_turn_to_window": _("Turn a little towards the light."),
    }


def _advice_on_cameras() -> dict[str, str]:
    """What the adult can do about a camera, by what is wrong and on which system."""
    return {
        "help_denied_ipad": _(
            "For the adult: tap the left end of Safari's address bar, then Website Settings, "
            "Camera, Allow. If it is not there: the iPad's Settings, Apps, Safari, Camera."
        ),
        "help_denied_android": _(
            "For the adult: tap the sign left of the address, then Permissions, Camera, Allow. "
            "If Android itself says no: Settings, Apps, Chrome, Permissions, Camera."
        ),
        "help_denied_windows": _(
            "For the adult: click the sign left of the address and allow the camera. If Windows "
            "itself says no: Settings, Privacy & security, Camera, for this browser too."
        ),
        "help_denied_other": _(
            "For the adult: click the sign left of the address, and allow the camera for this page."
        ),
        "help_busy": _(
            "For the adult: close what uses the camera, such as video calls or other tabs."
        ),
        "help_no_camera": _("For the adult: connect a camera, or take a tablet that has one."),
        "help_insecure": _(
            "For the adult: open the address that begins with https://, from the page “On tablets”."
        ),
        "help_frozen": _(
            "For the adult: close the browser and open the page again; then restart the tablet."
        ),
    }


def pose_words(language: str) -> dict[str, str]:
    """How a child is asked to hold its head; to the front nobody is asked."""
    with speaking(language):
        return {
            "left": _("Turn your head a little to the left."),
            "right": _("Turn your head a little to the right."),
            "up": _("Lift your chin a little."),
            "down": _("Lower your chin a little."),
        }


def spoken_words(language: str) -> list[str]:
    """What may be recorded: all that a child hears, except where numbers are filled in."""
    words = {**tablet_words(language), **pose_words(language)}
    return [
        text
        for name, text in words.items()
        if name not in FOR_ADULTS and not name.startswith("help_") and "{" not in text
    ]


def lesson_words(language: str) -> dict[str, str]:
    """The words of a tablet between two children of a lesson: all others, and its own."""
    with speaking(language):
        own = {
            "next_child": _("The next child will come soon."),
            "tablet": _("Tablet %(count)s", count="{count}"),
            "lesson_over": _("The lesson is over. Please give the tablet back."),
        }
    return {**tablet_words(language), **own}
