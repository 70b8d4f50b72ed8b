import abc, bisect, collections, contextlib, copy, dataclasses, enum, functools, heapq, itertools, operator, types, typing, weakref


@dataclasses.dataclass(order=True)
class Config:
    rate: float = 0.1
    layers: list = dataclasses.field(default_factory=lambda: [1, 2])
    name: str = dataclasses.field(default="net", compare=False)

    def __post_init__(self):
        self.name = self.name.upper()


config = Config(0.2)
print(config, dataclasses.asdict(config), dataclasses.replace(config, rate=0.3), config < Config(0.5), config == Config(0.2, name="x"))


@dataclasses.dataclass(frozen=True)
class Point:
    x: int
    y: int = 0


try:
    Point(1).x = 2
except dataclasses.FrozenInstanceError as error:
    print(type(error).__name__, error, hash(Point(1)) == hash(Point(1)))


class Color(enum.Enum):
    RED = 1
    GREEN = enum.auto()


class Flag(enum.IntFlag):
    A = 1
    B = 2


print(Color.RED, Color(2), Color["GREEN"].value, list(Color), Flag.A | Flag.B, Flag.A in Flag(3))


class Shape(abc.ABC):
    @property
    @abc.abstractmethod
    def area(self): ...


class Square(Shape):
    __slots__ = ("side",)

    def __init__(self, side):
        self.side = side

    @property
    def area(self):
        return self.side**2

    @classmethod
    def unit(cls):
        return cls(1)

    @staticmethod
    def sides():
        return 4

    def __call__(self, k):
        return self.side * k

    def __len__(self):
        return self.side

    def __contains__(self, x):
        return x == self.side


try:
    Shape()
except TypeError:
    print("abstract")
square = Square(3)
print(square.area, Square.unit().area, Square.sides(), square(2), len(square), 3 in square, isinstance(square, Shape), Square.__mro__[1].__name__)

print(collections.Counter("hello").most_common(2), collections.defaultdict(list), collections.deque([1, 2, 3], maxlen=2))
Row = collections.namedtuple("Row", "x y", defaults=[5])
print(Row(1), Row(1, 2)._replace(y=3), Row._fields, collections.ChainMap({"a": 1}, {"b": 2})["b"])
print(list(itertools.product("ab", [1, 2])), list(itertools.accumulate([1, 2, 3])), list(itertools.combinations(range(3), 2)))
print(list(itertools.islice(itertools.count(5, 2), 3)), [(k, list(g)) for k, g in itertools.groupby("aabbb")], list(itertools.chain([1], (2,))))
print(list(itertools.zip_longest([1, 2], [3], fillvalue=0)), list(itertools.pairwise("abc")), functools.reduce(operator.mul, range(1, 6)))


@functools.lru_cache(maxsize=None)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


print(fibonacci(80), fibonacci.cache_info(), functools.partial(pow, 2)(5), sorted("bca", key=functools.cmp_to_key(lambda a, b: ord(b) - ord(a))))
print(heapq.nsmallest(2, [3, 1, 2]), bisect.bisect_left([1, 3, 5], 3), operator.itemgetter(1, 0)("ab"), operator.attrgetter("x")(Point(9)))


@contextlib.contextmanager
def block(name):
    print("enter", name)
    try:
        yield name
    finally:
        print("leave", name)


with contextlib.suppress(KeyError), block("a") as a, contextlib.ExitStack() as stack:
    stack.callback(print, "callback")
    raise KeyError(a)


def generator():
    received = yield 1
    print("received", received)
    yield from (2, 3)
    return 4


iterator = generator()
print(next(iterator), iterator.send("x"), list(iterator))
nested = {"a": [1, {"b": 2}]}
deep = copy.deepcopy(nested)
deep["a"][1]["b"] = 3
print(nested, deep, copy.copy([1]) is not None, types.SimpleNamespace(a=1), typing.List[int], typing.get_type_hints(Point))


class Meta(type):
    def __new__(cls, name, bases, namespace, **options):
        namespace["options"] = options
        return super().__new__(cls, name, bases, namespace)


class Made(metaclass=Meta, depth=3):
    def __init_subclass__(cls, **options):
        print("subclass", cls.__name__)

    def __getattr__(self, name):
        return f"no {name}"

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2)


class Child(Made):
    pass


child = Child()
child.x = 4
print(Made.options, child.x, child.y, weakref.ref(child)() is child, getattr(child, "z", None), vars(child))
match {"kind": "point", "at": [1, 2], "more": 3}:
    case {"kind": "point", "at": [x, y], **rest} if x < y:
        print(x, y, rest)
if (n := len([1, 2, 3])) > 2:
    print(f"{n=}", *[1, 2], sep="|")
first, *middle, last = range(5)
print(first, middle, last, [*"ab", *{1: 2}], {**{"a": 1}, "b": 2}, (lambda *a, k=1, **o: (a, k, o))(1, 2, z=3))
try:
    try:
        raise ValueError("inner")
    finally:
        print("finally")
except (TypeError, ValueError) as error:
    print(repr(error), error.args)
else:
    print("never")
