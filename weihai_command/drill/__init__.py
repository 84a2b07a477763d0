"""Exercises and the sample city: what brings made-up data into a store of its own, never onto a real platform."""
