"""Fine-tuning of classifiers on a frozen snapshot, and the report about it."""
