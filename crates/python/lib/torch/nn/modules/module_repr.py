"""The printed form of a module: its class, its `extra_repr`, and its children, equal ones folded."""


def format_module(module):
    """Formats a module as ``Name(extra)`` with one indented line for each child."""
    extra = module.extra_repr()
    extra_lines = extra.split("\n") if extra else []
    child_lines = [f"({name}): {indent(repr(child), 2)}" for name, child in module._modules.items()]
    return enclose(module._get_name(), extra_lines, child_lines)


def enclose(name, extra_lines, child_lines):
    """Puts the lines between the parentheses, on one line when there is a single extra line only."""
    lines = extra_lines + child_lines
    if not lines:
        return name + "()"
    if len(extra_lines) == 1 and not child_lines:
        return f"{name}({extra_lines[0]})"
    return name + "(\n  " + "\n  ".join(lines) + "\n)"


def format_numbered(module):
    """Formats a list of modules, with runs of equal ones as ``(0-3): 4 x Linear(...)``."""
    runs = []
    for index, child in enumerate(module):
        text = repr(child)
        if runs and runs[-1][2] == text:
            runs[-1][1] = index
        else:
            runs.append([index, index, text])
    lines = []
    for first, last, text in runs:
        if first == last:
            line = f"({first}): {text}"
        else:
            line = f"({first}-{last}): {last - first + 1} x {text}"
        lines.append(indent(line, 2))
    name = module._get_name()
    return f"{name}(\n  " + "\n  ".join(lines) + "\n)" if lines else f"{name}()"


def indent(text, columns):
    """Indents every line of ``text`` but the first."""
    return text.replace("\n", "\n" + " " * columns)
