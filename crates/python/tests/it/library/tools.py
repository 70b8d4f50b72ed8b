import argparse, array, calendar, contextlib, datetime, inspect, io, logging, sys, time, traceback, unittest, warnings

print(datetime.date(2024, 2, 28) + datetime.timedelta(days=2), datetime.datetime(2024, 1, 2, 3, 4, 5).strftime("%Y-%m-%d %H:%M:%S"))
print(datetime.datetime.fromisoformat("2024-01-02T03:04:05"), datetime.datetime.strptime("02/01/2024", "%d/%m/%Y"), datetime.timedelta(hours=25))
print(tuple(datetime.date(2024, 12, 25).isocalendar()), datetime.date(2024, 1, 1).weekday(), int(calendar.monthrange(2024, 2)[0]), calendar.isleap(2000))
print(time.strftime("%Y-%m-%d", time.gmtime(86400)), time.perf_counter() <= time.perf_counter(), datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc).isoformat())

parser = argparse.ArgumentParser(prog="train", description="Trains.")
parser.add_argument("--lr", type=float, default=0.1, help="rate")
parser.add_argument("--layers", type=int, nargs="+", default=[1])
parser.add_argument("--verbose", action="store_true")
parser.add_argument("name")
print(parser.parse_args(["net", "--lr", "0.5", "--layers", "2", "3"]))
with contextlib.redirect_stderr(io.StringIO()) as stderr:
    try:
        parser.parse_args(["--lr", "x", "net"])
    except SystemExit as stop:
        print("status", stop.code)
print(stderr.getvalue().splitlines()[-1])

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s:%(name)s:%(message)s")
logging.info("step %d", 3)
logging.getLogger("train").warning("loss is %.2f", 0.5)
logging.debug("hidden")

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("careful", DeprecationWarning)
print(len(caught), caught[0].message, caught[0].category.__name__)


def function(a, b=1, *rest, c, **options):
    """A docstring."""
    return a


print(inspect.signature(function), inspect.getdoc(function), inspect.isfunction(function), function.__defaults__, function.__kwdefaults__)
print(inspect.getsource(function).splitlines()[0], list(inspect.signature(function).parameters))
try:
    {}["k"]
except KeyError as error:
    print(traceback.format_exception_only(error), "".join(traceback.format_exception(error)).splitlines()[0])


class Test(unittest.TestCase):
    def setUp(self):
        self.value = 1

    def test_equal(self):
        self.assertEqual(self.value, 1)
        self.assertAlmostEqual(0.1 + 0.2, 0.3)
        with self.assertRaises(ZeroDivisionError):
            1 / 0


result = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.loadTestsFromTestCase(Test))
print(result.testsRun, result.wasSuccessful())
buffer = io.BytesIO(b"abcdef")
buffer.seek(2)
print(buffer.read(2), buffer.tell(), io.StringIO("a\nb\n").readlines(), array.array("i", [1, 2]).tobytes(), memoryview(b"abc")[1:].tobytes())
print(sys.maxsize, sys.byteorder, sys.getrecursionlimit() > 100, sys.float_info.epsilon, sys.getsizeof([]) > 0)
print(sorted({"b": 1, "a": 2}.items()), set("aab") == {"a", "b"}, frozenset([1]) | {2}, {1, 2} - {2}, dict(zip("ab", [1, 2])), list(enumerate("ab", 1)))
print(any([0, 1]), all([]), list(map(str, [1, 2])), list(filter(None, [0, 1, 2])), list(reversed([1, 2])), eval("1 + 2"), callable(print))
exec("made = 5")
print(made, isinstance(1, (int, str)), issubclass(bool, int), type(None).__name__, id(made) == id(made), hash("a") == hash("a"), chr(23398), ord("学"))
