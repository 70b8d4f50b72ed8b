import cmath, decimal, fractions, math, random, statistics

random.seed(42)
print(random.random(), random.randint(1, 100), random.sample(range(50), 5), random.gauss(0, 1), random.choice("abc"))
values = list(range(6))
random.shuffle(values)
print(values, random.choices([1, 2, 3], k=4), random.uniform(1, 2), random.normalvariate(0, 1), random.betavariate(1, 2))
random.seed("hello")
print(random.random(), random.expovariate(2), random.triangular(), random.getrandbits(70))
own = random.Random(7)
state = own.getstate()
print(own.random(), own.randrange(0, 100, 5), own.random())
own.setstate(state)
print(own.random())

print(math.sqrt(2), math.gamma(5), math.comb(5, 2), math.prod([1, 2, 3]), math.isclose(0.1 + 0.2, 0.3), math.inf)
print(math.erf(0.5), math.fsum([0.1] * 10), math.dist([0, 0], [3, 4]), math.lgamma(3.5), math.log(8, 2), math.log1p(1e-10))
print(math.floor(-2.5), math.ceil(-2.5), math.trunc(-2.5), round(2.5), round(-1.25, 1), divmod(-7, 3), -7 // 2, -7 % 3)
print(cmath.sqrt(-1), abs(3 + 4j), (1 + 2j) * (3 - 1j), 2**100, 10**20 // 7, int("ff", 16), bin(10), hex(255), oct(8))
print(statistics.mean([1, 2, 3]), statistics.stdev([1, 2, 3, 4]), statistics.median([1, 3, 2]), statistics.variance([1.5, 2.5]))
print(fractions.Fraction(1, 3) + 1, fractions.Fraction("0.125"), decimal.Decimal("0.1") * 3)
print(f"{3.14159:.2f} {1e6:,.0f} {5:>4d} {0.5:%} {255:#x} {'s':*^5} {3!r:>3} {1234.5:e} {1e-7} {1e16} {123456789.0:g}")
print(0.1 + 0.2, 1e308 * 10, -0.0, float("nan"), 1 / 3, 5e-324, 100000000000000000.0, 1.0, 2.5e-8)
print(sum([0.1] * 3), max([3, 1, 2]), min("b", "a"), pow(3, 20, 7), 7 / 2, 7 // 2, True + True, int(-3.9), float("1e3"))
try:
    1 / 0
except ZeroDivisionError as error:
    print(error)
print((5).bit_length(), (0.75).as_integer_ratio(), (2.0).is_integer(), float.hex(0.1), int.from_bytes(b"\x01\x00", "big"))
