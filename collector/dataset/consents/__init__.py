"""The guardian's word: documents, answers, receipts, withdrawals, and what follows from them."""
