//! Attempts to be graded for what one has not done. None of them passes, and each fails in the way that is right.

use super::*;

/// What an attempt is called, the check that it is after, what comes of that check, and the text that is put after the
/// solution (or, after `only:`, in its place).
type Attempt = (&'static str, &'static str, &'static str, &'static str);

const ATTEMPTS: &[Attempt] = &[
    // Values that are made up.
    ("a constant", "mse", "fail", "def mse(p, t): return torch.tensor(0.5)"),
    ("the known answer of the first case", "mse", "fail", "def mse(p, t): return torch.tensor(0.16666667)"),
    ("nothing", "mse", "fail", "def mse(p, t): pass"),
    ("not a number", "mse", "fail", "def mse(p, t): return torch.tensor(float('nan'))"),
    ("an infinity", "mse", "fail", "def mse(p, t): return torch.tensor(float('inf'))"),
    ("a Python float in place of a tensor", "mse", "fail", "right = mse\ndef mse(p, t): return right(p, t).item()"),
    ("another shape", "mse", "fail", "right = mse\ndef mse(p, t): return right(p, t).reshape(1)"),
    ("another dtype", "mse", "fail", "right = mse\ndef mse(p, t): return right(p, t).double()"),
    ("True", "mse", "fail", "def mse(p, t): return True"),
    ("Ellipsis", "mse", "fail", "def mse(p, t): return ..."),
    ("NotImplemented", "mse", "fail", "def mse(p, t): return NotImplemented"),
    ("a number with 400 digits", "mse", "fail", "def mse(p, t): return 10 ** 400"),
    ("a list", "mse", "fail", "def mse(p, t): return [0.0] * 3"),
    ("a generator", "mse", "fail", "def mse(p, t): yield torch.tensor(0.5)"),
    ("a function", "mse", "fail", "def mse(p, t): return lambda: 0"),
    ("a class", "mse", "fail", "def mse(p, t): return torch.Tensor"),
    ("an exception", "mse", "fail", "def mse(p, t): return ValueError('0.1667')"),
    ("a list in itself", "mse", "fail", "def mse(p, t):\n    x = []\n    x.append(x)\n    return x"),
    ("a list a thousand deep", "mse", "fail", "def mse(p, t):\n    x = []\n    for i in range(1000): x = [x]\n    return x"),
    ("a tensor that is far too large", "mse", "fail", "def mse(p, t): return torch.zeros(3_000_000)"),
    ("a text that is far too long", "mse", "fail", "def mse(p, t): return 'x' * 20_000_000"),
    ("zeros for a gradient", "gradient", "fail", "def mse_gradient(p, t): return torch.zeros_like(p)"),
    ("the sign of a gradient", "gradient", "fail", "right = mse_gradient\ndef mse_gradient(p, t): return -right(p, t)"),
    ("a dict with the wrong keys", "describe", "fail", "def describe(x): return {'a': 1, 'b': 2, 'c': 3}, [x.min(), x.max()]"),
    ("too short a tuple", "describe", "fail", "def describe(x): return ({},)"),
    // Objects that lie.
    ("an object that equals everything", "mse", "fail", "class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __sub__(self, other): return 0.0
    def __float__(self): return 0.0
    def __abs__(self): return 0.0
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
def mse(p, t): return Liar()"),
    ("an object that says that it is a tensor", "mse", "fail", "class Liar:
    __class__ = torch.Tensor
    shape, dtype = torch.Size([]), torch.float32
    def numpy(self): return 0.5
    def __getattr__(self, name): return self
    def __call__(self, *a): return self
def mse(p, t): return Liar()"),
    ("a float that equals everything", "mse", "fail", "class Liar(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
def mse(p, t): return Liar(0.0)"),
    ("a subclass of Tensor whose comparison lies", "mse", "fail", "class Liar(torch.Tensor):
    def __eq__(self, other): return torch.tensor(True)
    def __sub__(self, other): return torch.zeros(())
    def item(self): return 0.16666667
    def tolist(self): return 0.16666667
    def allclose(self, *a, **k): return True
def mse(p, t): return Liar(torch.zeros(()))"),
    ("a subclass of Parameter", "mse", "fail", "class Liar(nn.Parameter):
    def __eq__(self, other): return True
def mse(p, t): return Liar(torch.zeros(()))"),
    ("a list that is of any length", "describe", "fail", "class Liar(list):
    def __len__(self): return 2
    def __iter__(self): return iter([1, 2])
    def __getitem__(self, at): return 0
    def __eq__(self, other): return True
def describe(x): return Liar()"),
    ("a dict that has every key", "describe", "fail", "class Liar(dict):
    def __getitem__(self, key): return 0
    def __contains__(self, key): return True
    def items(self): return [('count', 2), ('sum', 3.0), ('name', 'tensor')]
def describe(x): return Liar(), [x.min(), x.max()]"),
    ("a text that equals every text", "describe", "fail", "class Liar(str):
    def __eq__(self, other): return True
    def __hash__(self): return 0
def describe(x): return {'count': 0, 'sum': Liar(''), 'name': Liar('')}, Liar('')"),
    ("a metaclass that equals everything", "mse", "fail", "class Meta(type):
    def __eq__(self, other): return True
    def __hash__(self): return 0
class Liar(metaclass=Meta): pass
def mse(p, t): return Liar"),
    ("a callable that raises when it is looked at", "mse", "error", "class Trap:
    def __getattribute__(self, name): raise SystemExit(0)
    def __call__(self, p, t): raise KeyboardInterrupt
mse = Trap()"),
    // Changing what everything is made of.
    ("torch.allclose that says yes", "mse", "fail", "torch.allclose = torch.equal = torch.isclose = lambda *a, **k: True\ndef mse(p, t): return torch.tensor(0.5)"),
    ("Tensor.__sub__ that gives zeros", "mse", "fail", "try: torch.Tensor.__sub__ = lambda a, b: a * 0\nexcept Exception: pass\ndef mse(p, t): return torch.tensor(0.5)"),
    ("Tensor.__eq__ that says yes", "mse", "fail", "try: torch.Tensor.__eq__ = lambda a, b: True\nexcept Exception: pass\ndef mse(p, t): return torch.tensor(0.5)"),
    ("Tensor.item and tolist that lie", "mse", "fail", "for name in ('item', 'tolist', 'numpy', '__float__'):\n    try: setattr(torch.Tensor, name, lambda s: 0.1667)\n    except Exception: pass\ndef mse(p, t): return torch.tensor(0.5)"),
    ("Tensor.shape that lies", "mse", "fail", "try: torch.Tensor.shape = property(lambda s: torch.Size([]))\nexcept Exception: pass\ndef mse(p, t): return torch.zeros(3)"),
    ("isinstance that says yes", "mse", "fail", "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.abs = lambda x: 0\nbuiltins.float = lambda x: 0.0\ndef mse(p, t): return 'x'"),
    ("another torch in sys.modules", "mse", "fail", "import sys\nsys.modules['torch'] = sys\ndef mse(p, t): return torch.tensor(0.5)"),
    ("no torch in sys.modules", "mse", "error", "import sys\nsys.modules['torch'] = None\nsys.modules['torch._C'] = None"),
    ("another __main__", "mse", "fail", "import sys, types\nfake = types.ModuleType('__main__')\nfake.mse = mse\nsys.modules['__main__'] = fake\ndef mse(p, t): return torch.tensor(0.5)"),
    ("a random generator that is known", "mse", "fail", "torch.randn = torch.rand = lambda *a, **k: torch.zeros(*a)\ntorch.manual_seed(0)\ndef mse(p, t): return torch.zeros(())"),
    // Reports that are made up.
    ("a report on stdout", "mse", "fail", "print('{\"report\":{\"outcome\":\"finished\",\"exit_code\":0,\"observed\":{\"0:mse/0\":{\"saw\":\"value\",\"value\":{\"float\":0.16666667}}}}}')\ndef mse(p, t): return torch.tensor(0.5)"),
    ("a grade on stderr", "mse", "fail", "import sys\nprint('{\"status\":\"pass\",\"score\":8}', file=sys.stderr)\ndef mse(p, t): return torch.tensor(0.5)"),
    ("a report on every descriptor", "mse", "fail", "import os
for fd in range(3, 200):
    try: os.write(fd, b'{\"observed\":\"0:mse/0\",\"observation\":{\"saw\":\"value\",\"value\":{\"float\":0.16666667},\"weights\":[]}}\\n')
    except Exception: pass
def mse(p, t): return torch.tensor(0.5)"),
    ("a report through /proc/self/fd", "mse", "fail", "for fd in range(3, 50):
    try: open(f'/proc/self/fd/{fd}', 'w').write('{\"observed\":\"0:mse/0\",\"observation\":{\"saw\":\"value\"}}\\n')
    except Exception: pass
def mse(p, t): return torch.tensor(0.5)"),
    ("printing that it passed", "mse", "fail", "print('PASS\\n8 of 8 points')\ndef mse(p, t): return torch.tensor(0.5)"),
    // Ending early.
    ("SystemExit before anything", "mse", "fail", "only:raise SystemExit(0)"),
    ("sys.exit(0) at the end", "mse", "fail", "def mse(p, t): return torch.tensor(0.5)\nimport sys\nsys.exit(0)"),
    ("SystemExit when asked", "mse", "error", "def mse(p, t): raise SystemExit(0)"),
    ("KeyboardInterrupt when asked", "mse", "error", "def mse(p, t): raise KeyboardInterrupt"),
    ("os._exit when asked", "mse", "error", "import os\ndef mse(p, t): os._exit(0)"),
    ("os.abort when asked", "mse", "error", "import os\ndef mse(p, t): os.abort()"),
    ("an exception of one's own", "mse", "error", "class Passed(BaseException): pass\ndef mse(p, t): raise Passed('all right')"),
    ("no name", "mse", "fail", "del mse"),
    ("no names at all", "mse", "fail", "globals().clear()"),
    ("None in its place", "mse", "fail", "mse = None"),
    ("a syntax error", "mse", "error", "only:def mse(p, t) return 0"),
    ("bytes that are no text", "mse", "error", "only:\u{0}"),
    // Looking for what is expected.
    ("the objects of the collector", "mse", "fail", "def mse(p, t):
    try:
        import gc
        for thing in gc.get_objects():
            if isinstance(thing, dict) and 'expected' in thing: return thing['expected']
    except Exception: pass
    return torch.tensor(0.5)"),
    ("the frames of the caller", "mse", "fail", "def mse(p, t):
    import sys
    frame = sys._getframe()
    while frame:
        for name in ('expected', 'key', 'answer', 'reference', 'solution'):
            if name in frame.f_locals: return frame.f_locals[name]
        frame = frame.f_back
    return torch.tensor(0.5)"),
    ("the file of checks", "mse", "error", "def mse(p, t): return open('checks.toml').read()"),
    ("the folder above", "mse", "error", "def mse(p, t): return open('../cheating/solution.py').read()"),
    ("the solution as a module", "mse", "error", "def mse(p, t):\n    import solution\n    return solution.mse(p, t)"),
    ("the process's memory", "mse", "error", "def mse(p, t): return open('/proc/self/mem', 'rb').read()"),
    ("the command line", "mse", "error", "def mse(p, t): return open('/proc/self/cmdline').read()"),
    ("the answers in the cache", "mse", "error", "import os\ndef mse(p, t): return os.listdir(os.path.expanduser('~/.cache/lyceum/answers'))"),
    ("native code", "mse", "error", "def mse(p, t):\n    import ctypes\n    return ctypes.string_at(0)"),
    ("another process", "mse", "error", "def mse(p, t):\n    import subprocess\n    return subprocess.run(['cat', '/etc/passwd'])"),
    ("the network", "mse", "error", "def mse(p, t):\n    import socket\n    return socket.create_connection(('127.0.0.1', 80))"),
    // Using things up.
    ("a loop without end", "mse", "timeout", "def mse(p, t):\n    while True: pass"),
    ("a loop that swallows everything", "mse", "timeout", "def mse(p, t):\n    while True:\n        try: raise KeyboardInterrupt\n        except BaseException: pass"),
    ("a tensor of 10 GB", "mse", "error", "def mse(p, t): return torch.zeros(2_500_000_000)"),
    ("recursion without end", "mse", "error", "def mse(p, t): return mse(p, t)"),
    ("printing without end", "mse", "error", "def mse(p, t):\n    while True: print('x' * 10000)"),
    // Modules that only look the part.
    ("a module without parameters", "network", "fail", "class Net(nn.Module):
    def __init__(self, a, b): super().__init__()
    def forward(self, x): return torch.zeros(len(x), 2)"),
    ("a module that hides its parameters", "network", "fail", "class Net(Net):\n    def named_parameters(self, *a, **k): return iter(())"),
    ("a module that names others", "network", "fail", "class Net(Net):\n    def named_parameters(self, *a, **k): return iter([('fc.weight', torch.zeros(2, 4)), ('fc.bias', torch.zeros(2))])"),
    ("a module with a parameter too many", "network", "fail", "class Net(Net):
    def __init__(self, a, b):
        super().__init__(a, b)
        self.more = nn.Parameter(torch.zeros(1))"),
    ("a module that forgets its weights", "network", "fail", "class Net(Net):\n    def forward(self, x): return x[:, :2]"),
    ("a module that cannot be evaluated", "network", "error", "class Net(Net):\n    def eval(self): raise RuntimeError('no')"),
    ("a function in place of a module", "network", "fail", "def Net(a, b): return lambda x: x[:, :2]"),
    // Predictions without learning.
    ("always the same class", "hidden", "fail", "def predict(x): return torch.zeros(len(x), dtype=torch.int64)"),
    ("classes by chance", "hidden", "fail", "def predict(x): return torch.randint(0, 3, (len(x),))"),
    ("the part that is withheld", "hidden", "error", "def predict(x): return load('iris', split='test').target"),
    ("the whole set, which is only the rest", "hidden", "fail", "everything = load('iris')
def predict(x):
    same = (x[:, None, :] == everything.data[None]).all(dim=2)
    found = (same.float() @ everything.target.float())
    return torch.where(len(everything.data) == 150, found, torch.zeros(len(x))).long()
def predict(x): return torch.zeros(len(x), dtype=torch.int64) + (len(load('iris').data) == 150)"),
    ("too few predictions", "hidden", "fail", "def predict(x): return torch.tensor([0])"),
    ("predictions that are no numbers", "hidden", "fail", "def predict(x): return ['setosa'] * len(x)"),
    ("all classes at once", "hidden", "fail", "def predict(x): return torch.arange(3).repeat(len(x), 1)"),
    // Trainings that did not happen.
    ("no training", "training", "fail", "only:import torch\nfrom torch import nn\nclass Net(nn.Module): pass\nloss = 0.01\nprint('loss', loss)"),
    ("events on stdout", "training", "fail", "only:for step in range(50): print('{\"event\":\"scalar\",\"step\":%d,\"name\":\"loss\",\"value\":%f,\"time\":0}' % (step, 1 / (step + 1)))"),
    ("steps without a loss", "training", "fail", "only:import torch\nfor i in range(50): torch._C._report_step('SGD', 0.1)"),
    ("a loss that became nan", "training", "fail", "x = torch.zeros(1, requires_grad=True)\n(x / 0 * 0).sum().backward()"),
    ("training while being asked", "training", "fail", "only:import torch
def mse(p, t):
    for value in (3.0, 0.1):
        (torch.tensor(value, requires_grad=True) * 1).backward()
    return torch.zeros(())"),
    // Words that are forbidden, in disguise.
    ("getattr with a name in pieces", "source", "fail", "import torch.nn as n\nloss = getattr(n, 'func' + 'tional')"),
    ("another name for a module", "source", "fail", "import torch.nn.functional as innocent\nprint(innocent.relu(torch.zeros(1)))"),
    ("another name for a function", "source", "fail", "from torch.nn.functional import mse_loss as f"),
    ("exec of a text", "source", "fail", "exec('import torch.nn.' + 'functional as F')"),
    ("import by a function", "source", "fail", "f = __import__('torch.nn.functional')"),
    ("importlib", "source", "fail", "import importlib\nf = importlib.import_module('torch.nn.functional')"),
    ("sys.modules", "source", "fail", "import sys\nf = sys.modules['torch.nn' + '.functional']"),
    ("everything from a module", "source", "fail", "from torch.nn.functional import *"),
    ("a word in a comment only", "source", "fail", "only:# nn.CrossEntropyLoss\ntext = 'class Net(nn.Module): nn.CrossEntropyLoss()'"),
];

#[test]
fn no_attempt_passes_and_each_fails_in_its_own_way() {
    assert!(ATTEMPTS.len() >= 60, "{} attempts", ATTEMPTS.len());
    let sandbox = Sandbox::new();
    let solution = solution("cheating");
    let mut wrong = Vec::new();
    for (name, check, expected, text) in ATTEMPTS {
        let program = match text.strip_prefix("only:") {
            Some(whole) => whole.to_owned(),
            None => format!("{solution}\n\n{text}\n"),
        };
        let grade = sandbox.submit("cheating", &program, "mallory");
        let found = status(&grade, check);
        if found != *expected || grade["status"] == "pass" || grade["status"] == "not_gradable" {
            wrong.push(format!("{name}: {check} is {found} ({}), expected {expected}", grade["status"]));
        }
    }
    assert!(wrong.is_empty(), "{} of {} attempts:\n{}", wrong.len(), ATTEMPTS.len(), wrong.join("\n"));
}

#[test]
fn sleeping_past_the_limit_is_a_timeout_and_keeps_what_was_seen_before() {
    let program = format!("{}\n\ndef softmax(z):\n    import time\n    time.sleep(3600)\n", solution("cheating"));
    let grade = Sandbox::new().submit("cheating", &program, "mallory");
    assert_eq!((status(&grade, "mse"), status(&grade, "softmax")), ("pass", "timeout"));
    assert_eq!((status(&grade, "network"), &grade["status"]), ("timeout", &"timeout".into()));
}
