"""The ground floor: tables, keys, consent and the doors to photos. No Flask, no torch."""
