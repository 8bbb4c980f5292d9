"""In: metric messages and the catalogue. Out: the scorecard as rows and words; no markup, no IO."""
