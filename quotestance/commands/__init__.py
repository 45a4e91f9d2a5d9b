"""The commands, a module each: ``add`` adds its subparser, which sets ``run`` to what runs it."""
