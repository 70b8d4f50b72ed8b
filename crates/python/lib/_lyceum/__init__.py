"""What the interpreter needs in Python to run a program: files, streams, local modules."""
