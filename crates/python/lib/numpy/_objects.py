"""Arrays of texts and of objects: what labels and ragged lists become. A list holds their elements."""

from . import _dtypes
from ._absent import NotInLyceum
from ._array import ndarray, wrap
from ._scalars import generic, str_


class _Objects(ndarray):
    """An array whose elements are texts or any objects of Python."""

    __slots__ = ("_items", "_shape", "_dtype")
    _tensor = None
    _is_reversed = False
    _base = None

    @property
    def dtype(self):
        return self._dtype

    @property
    def shape(self):
        return self._shape

    @property
    def ndim(self):
        return len(self._shape)

    @property
    def size(self):
        return len(self._items)

    @property
    def T(self):
        return self if self.ndim < 2 else self._at(self._places().T)

    def _places(self):
        import torch

        return wrap(torch.arange(len(self._items)).reshape(self._shape))

    def _at(self, places):
        """Returns the elements at places, one or an array of them."""
        if isinstance(places, ndarray):
            return build([self._items[i] for i in places._tensor.reshape(-1).tolist()], places.shape, self._dtype)
        return self._out(self._items[int(places)])

    def _out(self, item):
        return str_(item) if self._dtype.kind == "U" else item

    def __getitem__(self, key):
        return self._at(self._places()[key])

    def __setitem__(self, key, value):
        places = self._places()[key]
        if not isinstance(places, ndarray):
            self._items[int(places)] = _fit(value, self._dtype)
            return
        flat = places._tensor.reshape(-1).tolist()
        if isinstance(value, (list, tuple, ndarray)):
            values = make(value, self._dtype)._items
            if len(values) != len(flat) and len(values) != 1:
                raise ValueError(
                    f"could not broadcast input array from shape ({len(values)},) into shape {str(places.shape).replace(' ', '')}"
                )
        else:
            values = [value]
        for number, place in enumerate(flat):
            self._items[place] = _fit(values[number % len(values)], self._dtype)

    def __len__(self):
        if not self._shape:
            raise TypeError("len() of unsized object")
        return self._shape[0]

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __contains__(self, value):
        return any(item == value for item in self._items)

    def __bool__(self):
        if len(self._items) == 1:
            return bool(self._items[0])
        raise ValueError("The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")

    def _compare(self, other, test):
        import torch

        if isinstance(other, (list, tuple)):
            other = make(other, None)
        if isinstance(other, ndarray):
            if other.shape != self._shape and other.size != 1:
                raise ValueError(
                    f"operands could not be broadcast together with shapes {str(self._shape).replace(' ', '')} {str(other.shape).replace(' ', '')} "
                )
            others = other._items if other._tensor is None else other._tensor.reshape(-1).tolist()
            others = others * len(self._items) if other.size == 1 else others
        else:
            others = [other.item() if isinstance(other, generic) else other] * len(self._items)
        answers = [bool(test(a, b)) for a, b in zip(self._items, others)]
        return wrap(torch.tensor(answers, dtype=torch.bool).reshape(self._shape))

    def __eq__(self, other):
        return self._compare(other, lambda a, b: a == b)

    def __ne__(self, other):
        return self._compare(other, lambda a, b: a != b)

    def __lt__(self, other):
        return self._compare(other, lambda a, b: a < b)

    def __gt__(self, other):
        return self._compare(other, lambda a, b: a > b)

    __hash__ = None

    def __add__(self, other):
        others = (
            make(other, None)._items
            if isinstance(other, (list, tuple))
            else other._items
            if isinstance(other, _Objects)
            else [other] * len(self._items)
        )
        if len(others) == 1:
            others = others * len(self._items)
        return make(
            [a + b for a, b in zip(self._items, others)], None if self._dtype.kind == "U" else self._dtype
        ).reshape(self._shape)

    def tolist(self):
        return _nested(self._items, self._shape)

    def item(self, *args):
        if not args and len(self._items) != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return self._items[args[0] if args else 0]

    def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        kind = _dtypes.find(dtype)
        if kind.torch is None:
            return make(self.tolist(), kind)
        from ._convert import array

        convert = {"f": float, "b": bool}.get(kind.kind, int)
        return array(_nested([convert(item) for item in self._items], self._shape), kind)

    def copy(self, order="C"):
        return build(list(self._items), self._shape, self._dtype)

    def reshape(self, *shape, order="C"):
        return self._at(self._places().reshape(*shape))

    def ravel(self, order="C"):
        return build(self._items, (len(self._items),), self._dtype)

    flatten = ravel

    def fill(self, value):
        self[...] = value

    def order(self):
        import torch

        return wrap(torch.tensor(sorted(range(len(self._items)), key=self._items.__getitem__), dtype=torch.int64))

    def sorted(self):
        return build(sorted(self._items), self._shape, self._dtype)

    def unique(self, return_index, return_inverse, return_counts):
        import torch

        once = sorted(set(self._items))
        place = {item: i for i, item in enumerate(once)}
        made = [build(once, (len(once),), self._dtype)]
        first, counts = {}, [0] * len(once)
        for i, item in enumerate(self._items):
            first.setdefault(item, i)
            counts[place[item]] += 1
        if return_index:
            made.append(wrap(torch.tensor([first[item] for item in once])))
        if return_inverse:
            made.append(wrap(torch.tensor([place[item] for item in self._items]).reshape(self._shape)))
        if return_counts:
            made.append(wrap(torch.tensor(counts)))
        return made[0] if len(made) == 1 else tuple(made)

    def is_among(self, others, invert):
        import torch

        known = set(others._items)
        return wrap(
            torch.tensor([(item in known) != invert for item in self._items], dtype=torch.bool).reshape(self._shape)
        )


_Objects.__name__ = _Objects.__qualname__ = "ndarray"
_Objects.__module__ = "numpy"


def build(items, shape, dtype):
    """Makes an array of elements in one row."""
    made = object.__new__(_Objects)
    made._items, made._shape, made._dtype = items, tuple(shape), dtype
    return made


def _nested(items, shape):
    if not shape:
        return items[0]
    if len(shape) == 1:
        return list(items)
    step = len(items) // shape[0] if shape[0] else 0
    return [_nested(items[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0])]


def _fit(value, dtype):
    """Returns a value as an element: a text is cut to the length that the array has."""
    if dtype.kind != "U":
        return value
    text = str(value)
    return text[: dtype.itemsize // 4]


def _flatten(value):
    """Returns the elements of nested lists of equal lengths, and the shape."""
    if isinstance(value, ndarray):
        return (list(value._items) if value._tensor is None else value._tensor.reshape(-1).tolist()), value.shape
    if not isinstance(value, (list, tuple)):
        return [value], ()
    if not value:
        return [], (0,)
    parts = [_flatten(each) for each in value]
    shapes = {shape for _, shape in parts}
    if len(shapes) > 1:
        return None, None
    return [item for items, _ in parts for item in items], (len(value), *shapes.pop())


def make(value, dtype):
    """Makes an array of texts or objects."""
    items, shape = _flatten(value)
    if dtype is not None and dtype.kind == "O":
        if items is None:
            items, shape = list(value), (len(value),)
        return build(list(items), shape, dtype)
    if items is None:
        from ._convert import _inhomogeneous

        raise _inhomogeneous(value, None)
    if (
        dtype is not None
        and dtype.kind == "U"
        or any(isinstance(item, str) for item in items)
        and all(isinstance(item, (str, int, float, generic)) for item in items)
    ):
        texts = [item if type(item) is str else str(item) for item in items]
        length = max(
            (len(text) if type(item) is str else _width_of(item) for text, item in zip(texts, items)), default=1
        )
        if dtype is not None and dtype.kind == "U" and dtype.itemsize:
            length = dtype.itemsize // 4
        return build([text[:length] for text in texts], shape, _dtypes.text(length))
    if dtype is not None:
        raise TypeError(f"cannot make an array of {dtype} of {value!r}")
    if any(isinstance(item, bytes) for item in items):
        raise NotInLyceum("arrays of bytes are not part of Lyceum yet; np.frombuffer reads numbers out of bytes")
    return build(items, shape, _dtypes.object_)


def text_width(dtype):
    """Returns how many characters numpy keeps for a number of a dtype."""
    return {"bool": 5, "uint8": 3, "int32": 11, "int64": 21}.get(dtype.name, 32)


def _width_of(item):
    if isinstance(item, str):
        return len(item)
    return 5 if isinstance(item, bool) else 32 if isinstance(item, float) else 21


def empty_objects(shape, dtype):
    """Makes an array of None, or of empty texts."""
    count = 1
    for size in shape:
        count *= size
    return build([None if dtype.kind == "O" else ""] * count, shape, dtype)


def concatenate(arrays):
    """Joins arrays in one row."""
    from ._convert import asarray

    return make([item for each in arrays for item in asarray(each).ravel().tolist()], None)


def choose_where(condition, x, y):
    """Returns texts of one or the other."""
    from ._convert import asarray

    mask = asarray(condition)
    flat = mask._tensor.reshape(-1).tolist()
    sides = []
    for side in (x, y):
        side = asarray(side)
        items = side._items if side._tensor is None else side._tensor.reshape(-1).tolist()
        sides.append(items * len(flat) if len(items) == 1 else items)
    return make([a if chosen else b for chosen, a, b in zip(flat, *sides)], None).reshape(mask.shape)
