"""Runs once before a program: gives Python its files, its standard streams and the importer of local modules."""


def install():
    import builtins
    import codecs
    import sys
    from _lyceum import fileio, importer, threads

    fileio.install()
    importer.install()
    threads.install()
    sys.executable = ""
    sys.stdin = sys.__stdin__ = fileio.standard_stream(0, "r", "<stdin>", "surrogateescape")
    sys.stdout = sys.__stdout__ = fileio.standard_stream(1, "w", "<stdout>", "backslashreplace")
    sys.stderr = sys.__stderr__ = fileio.standard_stream(2, "w", "<stderr>", "backslashreplace")
    builtins.input = fileio.input
    codecs.register(_search_codec)


def _search_codec(name):
    from _lyceum import east_asian

    return east_asian.search(name)
