"""The truth, computed once more and differently: from whole lists, by simple and slow methods.

Written from the rules, not from the services; nothing here imports `services`.
"""
