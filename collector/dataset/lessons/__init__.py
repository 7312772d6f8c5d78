"""A class in front of some tablets: the lesson, its tablets, what each does next, how it stands."""
