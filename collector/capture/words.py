"""The words of the tablet's page, in the session's language."""

from collector.web.companions import _, speaking


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
            "try_again": _("Try again"),
            "offline": _("No connection: your photos wait here and are not lost."),
            "refused": _("This photo could not be saved. %(sentence)s", sentence="{sentence}"),
            "erased": _(
                "Your photos are gone: somebody asked us to delete them. Thank you for taking part!"
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
