"""The whole line under mistreatment: load on two clocks, a monkey, and the truth beside it."""
