"""The tests: of the theorems, of the mirror's definitions, and of the machinery."""

from pkgutil import extend_path

# Whoever works on leanmirror has this folder on sys.path in every project: another project's `tests` without an
# `__init__.py` would be hidden by it, so that folder comes first.
__path__ = extend_path([], __name__) or __path__
