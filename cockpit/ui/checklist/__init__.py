"""The checklist: lines made from a run, the tree model over them, and the view that draws them."""
