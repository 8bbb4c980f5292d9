"""In: journey snapshots and buckets. Out: amounts per cell, and messages made from cells."""
