"""Quotations inside other libraries, a module each; every one imports its library itself."""
