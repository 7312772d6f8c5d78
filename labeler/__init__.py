"""The reviewers' room: blind relabelling and frozen snapshots."""
