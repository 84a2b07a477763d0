"""威海城市运行指挥平台: the parts of the desk, from the domain up to the program that joins them."""

__version__ = "0.1.0"
