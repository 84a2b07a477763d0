"""Bring the platform's records into the store and the officer's acts to the platform, losing nothing."""
