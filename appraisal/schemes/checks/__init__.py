"""The checks of a scheme, by what they look at."""
