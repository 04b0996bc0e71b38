"""Pytest's own tools for testing plugins, which only the topmost conftest may ask for."""

pytest_plugins = ["pytester"]
