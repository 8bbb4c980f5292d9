"""Entries in, journeys out: pure functions over sorted touchpoint events; no clock, no IO."""
