"""The fixed words of the dataset: what a column may hold and a form may offer."""

ROLES = ("admin", "operator", "reviewer")

PURPOSES = ("research", "publication", "sharing")

# "unknown" is for imports: an operator declares one of the others.
LIGHTS = ("natural", "artificial", "mixed", "unknown")

DECLARED_LIGHTS = ("natural", "artificial", "mixed")

# What a light passport is measured on.
SHEETS = ("white", "grey")

# What a protocol's part may ask for.
WANTED_LIGHTS = ("natural", "artificial")

# Where the head looks, left and right as the child itself has them.
HEAD_POSES = ("frontal", "left", "right", "up", "down")

# What stood in the way when a photo was taken all the same; never about the expression.
GUIDANCE = (
    "somebody_else", "no_face", "closer", "back", "face_here", "light_from_front", "turn_to_window",
)  # fmt: skip

RELATIONS = ("mother", "father", "guardian")
METHODS = ("screen", "paper", "scan")

SEXES = ("girl", "boy")
ASSENTS = ("yes", "no", "not_today")

# What a withdrawal leaves to people: copies, frozen sets, models, and backups of the keys.
DUTIES = ("export", "snapshot", "model", "key_backup")
# Whom the audit log names besides accounts.
ACTORS = ("child", "guardian", "start-up", "command", "trainer", "tablet")
CHANNELS = ("code", "operator", "command")
