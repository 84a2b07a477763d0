"""Records and rules: no Qt, no SQL, no HTTP, no clock and no randomness; time and ids are handed in."""
