"""Light passports: the light of a room in one hour, shared by the sessions of that hour."""
