"""The officer's verbs, run off the window's thread: changes go through one writer, queries through readers."""
