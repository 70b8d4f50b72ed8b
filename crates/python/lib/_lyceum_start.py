"""Runs once before a program: gives Python its files, its standard streams and the importer of local modules."""


def install():
    import builtins
    import sys
    from _lyceum import fileio, importer

    fileio.install()
    importer.install()
    sys.stdin = sys.__stdin__ = fileio.standard_stream(0, "r", "<stdin>", "surrogateescape")
    sys.stdout = sys.__stdout__ = fileio.standard_stream(1, "w", "<stdout>", "backslashreplace")
    sys.stderr = sys.__stderr__ = fileio.standard_stream(2, "w", "<stderr>", "backslashreplace")
    builtins.input = fileio.input
