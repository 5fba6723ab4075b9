"""The settings of a desk: declared once, read with complaints, written without loss."""
