"""The guardians' room: documents, answers, receipts, withdrawals, and what follows from them."""
