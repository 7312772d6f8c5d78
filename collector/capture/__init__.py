"""The room of operator, guardian and child: register, consent, capture."""
