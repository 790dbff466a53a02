"""The weights that ship, each written by its training command, and their model card."""
