"""Random pickles by Python itself, and what Python imports while it loads them.

    python3 python-pickles.py SEED COUNT

Prints one JSON object a line: `pickle` (base64), `protocol`, `isMutated`, `imports` (pairs, as the unpickler asks for
them), `isLoaded`. Nothing that a pickle names is imported: every global becomes a harmless stand-in.
"""

import array, base64, collections, datetime, decimal, fractions, functools, io, itertools, json, operator, pathlib, pickle
import random, resource, sys, uuid

resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
rng = random.Random(int(sys.argv[1]))


class Plain:
    def __init__(self, value):
        self.value = value


class Slotted:
    __slots__ = ("a", "b")


class Reduced:
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return (Reduced, (self.value,), {"extra": 1}, iter([1, 2]), iter([("k", "v")]))

    def append(self, item):
        pass

    def __setitem__(self, key, item):
        pass


class WithKeywords:
    def __new__(cls, *, a=None):
        return object.__new__(cls)

    def __getnewargs_ex__(self):
        return ((), {"a": 1})


GLOBALS = [len, operator.itemgetter, collections.OrderedDict, decimal.Decimal, Plain, functools.reduce, print]
TEXTS = ["os", "system", "a", "", "collections", "größe", "line\nbreak", "quote'\"\\", "\u2028", "x" * 300, "\\u0041"]


def leaf():
    return rng.choice([
        lambda: rng.choice(TEXTS),
        lambda: rng.choice(TEXTS).encode("utf-8"),
        lambda: bytearray(rng.choice(TEXTS).encode("utf-8")),
        lambda: rng.randrange(-(2 ** rng.choice([4, 9, 17, 33, 70, 3000])), 2 ** rng.choice([4, 9, 17, 33, 70, 3000])),
        lambda: rng.random() * 10 ** rng.randrange(-300, 300),
        lambda: rng.choice([None, True, False, 1e400, 1j, range(3), slice(1, 2), Ellipsis]),
        lambda: rng.choice(GLOBALS),
        lambda: decimal.Decimal("1.5"),
        lambda: fractions.Fraction(1, 3),
        lambda: datetime.datetime(2026, 11, 23, tzinfo=datetime.timezone.utc),
        lambda: array.array("f", [1, 2, 3]),
        lambda: uuid.UUID(int=rng.getrandbits(128)),
        lambda: pathlib.PurePosixPath("a/b"),
        lambda: bytes(rng.getrandbits(8) for _ in range(rng.choice([3, 300]))),
    ])()


def value(depth, seen):
    if depth == 0 or rng.random() < 0.3:
        return leaf()
    if seen and rng.random() < 0.2:
        return rng.choice(seen)
    many = [value(depth - 1, seen) for _ in range(rng.randrange(5))]
    keys = [rng.choice([f"k{at}", at, (at, "t")]) for at in range(len(many))]

    def slotted():
        made = Slotted()
        made.a = many
        return made

    def recursive():
        made = list(many)
        made.append(made)
        return made

    made = rng.choice([
        lambda: many,
        lambda: tuple(many),
        lambda: dict(zip(keys, many)),
        lambda: set(keys),
        lambda: frozenset(keys),
        lambda: collections.OrderedDict(zip(keys, many)),
        lambda: collections.defaultdict(list, zip(keys, many)),
        lambda: collections.deque(many, maxlen=9),
        lambda: collections.Counter(keys),
        lambda: Plain(many),
        lambda: Reduced(many),
        lambda: WithKeywords(),
        lambda: functools.partial(print, many),
        slotted,
        recursive,
    ])()
    seen.append(made)
    return made


class StandIn(dict):
    def __new__(cls, *args, **kwargs):
        return dict.__new__(cls)

    def __init__(self, *args, **kwargs):
        pass

    def __setstate__(self, state):
        pass

    def __call__(self, *args, **kwargs):
        return self

    def append(self, item):
        pass

    def extend(self, items):
        pass

    def add(self, item):
        pass

    def __hash__(self):
        return 1


def loader(base):
    class Watched(base):
        def find_class(self, module, name):
            self.found.append((module, name))
            return StandIn

        def persistent_load(self, pid):
            return None

    return Watched


LOADERS = [loader(pickle.Unpickler), loader(pickle._Unpickler)]


class NoPeek:
    """A file that offers nothing but what an unpickler needs."""

    def __init__(self, data):
        file = io.BytesIO(data)
        self.read, self.readline = file.read, file.readline


def load(data):
    found, loaded = [], False
    for base, opened in itertools.product(LOADERS, [io.BytesIO, lambda data: io.BufferedReader(io.BytesIO(data)), NoPeek]):
        unpickler = base(opened(data))
        unpickler.found = found
        try:
            unpickler.load()
            loaded = True
        except (Exception, RecursionError):
            pass
    return sorted(set(found)), loaded


OPCODES = bytes(ord(op.code) for op in __import__("pickletools").opcodes)


def mutate(data):
    data = bytearray(data)
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            data[at:at] = bytes([rng.choice(OPCODES)])
        elif kind == 1:
            del data[at:at + rng.randrange(1, 4)]
        elif kind == 2:
            data[at:at + 1] = bytes([rng.choice(OPCODES)])
        else:
            data[at:at] = rng.choice([b"cos\nsystem\n", b"\x8c\x02os\x8c\x06system\x93", b"h\x00", b"h\x00h\x01\x93", b"(ios\nsystem\n", b"Vos\nS'system'\n\x93", b"2", b"0", b"\x94"])
        if not data:
            data = bytearray(b".")
    return bytes(data)


for index in range(int(sys.argv[2])):
    protocol = index % 6
    try:
        original = pickle.dumps(value(4, []), protocol)
    except (TypeError, pickle.PicklingError, ValueError):
        original = pickle.dumps([leaf.__name__], protocol)
    for data, is_mutated in [(original, False), (mutate(original), True), (mutate(original), True)]:
        found, loaded = load(data)
        print(json.dumps({
            "pickle": base64.b64encode(data).decode(),
            "protocol": protocol,
            "isMutated": is_mutated,
            "imports": found,
            "isLoaded": loaded,
        }))
