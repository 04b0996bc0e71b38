"""How the tools write: standard streams whatever they can hold, and files that are written whole or not at all."""
