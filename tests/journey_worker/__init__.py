"""A journey worker whose journeys are plain counts, and a crew of such workers to be mistreated.

What it counts can be checked against the source exactly, key by key: that makes loss and doubling
visible which the rules of journeys might hide.
"""
