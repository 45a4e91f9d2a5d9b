"""How fast is it here? Measured side by side with others, on this machine, by one command.

Each suite is a module with a function ``measure(plan)`` that gives rows: flat dicts of what was
measured and of spreads (:func:`quotestance.benchmark.measuring.spread`).
"""
