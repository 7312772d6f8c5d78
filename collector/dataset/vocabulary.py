"""The fixed words of the dataset: what a column may hold and a form may offer."""

ROLES = ("admin", "operator", "reviewer")

PURPOSES = ("research", "publication", "sharing")

# "unknown" is for imports: an operator declares one of the others.
LIGHTS = ("natural", "artificial", "mixed", "unknown")

# What a protocol's part may ask for.
WANTED_LIGHTS = ("natural", "artificial")

# Where the head looks, left and right as the child itself has them.
HEAD_POSES = ("frontal", "left", "right", "up", "down")

RELATIONS = ("mother", "father", "guardian")
METHODS = ("screen", "paper", "scan")

SEXES = ("girl", "boy")
ASSENTS = ("yes", "no", "not_today")

# What a withdrawal leaves to people: copies, frozen sets, models, and backups of the keys.
DUTIES = ("export", "snapshot", "model", "key_backup")
# Whom the audit log names besides accounts.
ACTORS = ("child", "guardian", "start-up", "command", "trainer")
CHANNELS = ("code", "operator", "command")
