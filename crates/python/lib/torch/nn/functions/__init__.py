"""Functions of `torch.nn.functional` that are written in Python, over operations of the engine."""
