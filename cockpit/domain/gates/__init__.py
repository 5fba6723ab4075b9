"""The chain of gates that an order passes: each says level, evidence, age and remedy; the first block is the answer."""
