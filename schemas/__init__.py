"""The contract the services share: what is on every topic, in every file, and in which words."""
