"""Role and affiliation of speakers, from the words around the places that name them."""

from quotestance.roles.assignment import with_roles

__all__ = ["with_roles"]
