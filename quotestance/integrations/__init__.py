"""quotestance inside of other tools; a module named as an extra needs that extra."""
