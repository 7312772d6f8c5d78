"""The dataset's tables, revision by revision."""
