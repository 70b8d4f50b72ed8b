"""Parts of a tokenizer: each is the piece of `tokenizer.json` that describes it."""


class Part:
    """A part, by its JSON."""

    def __init__(self, **fields):
        self._json = {"type": type(self).__name__, **fields}

    @classmethod
    def of_json(cls, json):
        """Returns the part that a piece of JSON describes."""
        part = Part.__new__(cls)
        part._json = json
        return part

    def __getattr__(self, name):
        fields = self.__dict__.get("_json", {})
        if not name.startswith("_") and name in fields:
            return fields[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __repr__(self):
        fields = (f"{name}={value!r}" for name, value in self._json.items() if name not in ("type", "vocab", "merges"))
        return f"{self._json['type']}({', '.join(fields)})"


class AddedToken:
    """A token that is never taken apart."""

    def __init__(self, content="", single_word=False, lstrip=False, rstrip=False, normalized=True, special=False):
        self.content = content
        self.single_word = single_word
        self.lstrip = lstrip
        self.rstrip = rstrip
        self.normalized = normalized
        self.special = special

    def __eq__(self, other):
        return isinstance(other, AddedToken) and vars(self) == vars(other)

    def __hash__(self):
        return hash(self.content)

    def __str__(self):
        return self.content

    def __repr__(self):
        fields = ", ".join(f"{name}={value}" for name, value in vars(self).items() if name != "content")
        return f'AddedToken("{self.content}", {fields})'


class Regex:
    """A regular expression, where a pattern would otherwise be taken as it is."""

    def __init__(self, pattern):
        self.pattern = pattern

    def __repr__(self):
        return f'Regex("{self.pattern}")'


def pattern_json(pattern):
    """Returns the JSON of a pattern: a text, or a regular expression."""
    return {"Regex": pattern.pattern} if isinstance(pattern, Regex) else {"String": pattern}


def behavior_json(behavior):
    """Returns the JSON of what happens to what separates: "merged_with_previous" is `MergedWithPrevious`."""
    return "".join(word.capitalize() for word in behavior.split("_"))


def token_json(token, special=False):
    """Returns the JSON of a token to add."""
    if isinstance(token, str):
        token = AddedToken(token, normalized=not special, special=special)
    if not isinstance(token, AddedToken):
        raise TypeError(f"a token must be a str or an AddedToken, not {type(token).__name__}")
    json = dict(vars(token))
    json["special"] = special or token.special
    return json
