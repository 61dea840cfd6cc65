"""Inputs that nobody would write, made by machines: the properties that hold for them, and what was found."""
