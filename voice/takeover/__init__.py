"""When to give way to a person, with the evidence, and the brief that person gets."""
