//! `lyceum.data` in a program.

use crate::sandbox::Sandbox;

fn prints(program: &str) -> String {
    Sandbox::new().run(program, &[]).code(0).stdout
}

#[test]
fn a_table_comes_apart_into_numbers_and_classes() {
    let printed = prints(
        "import lyceum
x, y = lyceum.data.load('iris')
print(x.shape, x.dtype, y.shape, y.dtype)
print(x[0], y[[0, 50, 100]])
iris = lyceum.data.load('iris', split='test')
print(iris)
print(iris.feature_names, iris.target_names)
print(iris.licence, iris.description.splitlines()[0])
",
    );
    assert_eq!(
        printed,
        "torch.Size([150, 4]) torch.float32 torch.Size([150]) torch.int64
tensor([5.1000, 3.5000, 1.4000, 0.2000]) tensor([0, 1, 2])
DataSet('iris', split='test', data (30, 4), target (30,))
['sepal_length', 'sepal_width', 'petal_length', 'petal_width'] ['setosa', 'versicolor', 'virginica']
CC BY 4.0 (UCI Machine Learning Repository) # Iris
"
    );
}

#[test]
fn numbers_to_predict_are_floats() {
    let printed = prints(
        "from lyceum.data import load
x, y = load('diabetes')
print(x.shape, y.dtype, y[:3])
x, y = load('breast_cancer')
print(x.shape, y.dtype, y.sum())
",
    );
    assert_eq!(
        printed,
        "torch.Size([442, 10]) torch.float32 tensor([151.,  75., 141.])
torch.Size([569, 30]) torch.int64 tensor(357)
"
    );
}

#[test]
fn digits_come_in_two_sizes() {
    let printed = prints(
        "from lyceum import data
small, large = data.load('digits'), data.load('digits', size=28)
print(small.data.shape, large.data.shape, large.data.min(), large.data.max(), large.target.dtype)
print(data.load('digits', split='train').data.shape, data.load('digits', split='test', size=28).data.shape)
import torch.nn.functional as F
same = F.pad(F.interpolate(small.data, size=24, mode='bilinear', align_corners=False), (2, 2, 2, 2))
print((same - large.data).abs().max() < 1e-6)
",
    );
    assert_eq!(
        printed,
        "torch.Size([1797, 1, 8, 8]) torch.Size([1797, 1, 28, 28]) tensor(0.) tensor(1.) torch.int64
torch.Size([1437, 1, 8, 8]) torch.Size([360, 1, 28, 28])
tensor(True)
"
    );
}

#[test]
fn imported_sets_are_found() {
    let sandbox = Sandbox::new();
    sandbox.write("play.txt", "To be, or not to be\n");
    sandbox.write("flats.csv", "rooms,rent\n2,900\n3,1200\n");
    sandbox.lyceum(&["data", "import", "play", "play.txt"]).code(0);
    sandbox.lyceum(&["data", "import", "flats", "flats.csv"]).code(0);
    let program = "import lyceum
print(lyceum.data.list())
print(repr(lyceum.data.load('play').text), lyceum.data.load('play'))
x, y = lyceum.data.load('flats')
print(x, y)
";
    assert_eq!(
        sandbox.run(program, &[]).code(0).stdout,
        "['breast_cancer', 'diabetes', 'digits', 'flats', 'iris', 'play']
'To be, or not to be\\n' DataSet('play', text of 20 characters)
tensor([[2.],
        [3.]]) tensor([ 900, 1200])
"
    );
}

#[test]
fn mistakes_are_exceptions_that_say_what_to_do() {
    let printed = prints(
        "import lyceum
def attempt(*args, **options):
    try:
        x, y = lyceum.data.load(*args, **options)
    except Exception as error:
        print(f'{type(error).__name__}: {error}')
attempt('irris')
attempt('mnist')
attempt(3)
attempt('iris', split='validation')
attempt('iris', size=28)
attempt('digits', size=30)
attempt('digits', size='big')
",
    );
    assert_eq!(
        printed,
        "ValueError: there is no data set named \"irris\"; did you mean \"iris\"? (`lyceum data list` shows the sets)
ValueError: the data set \"mnist\" is not on this machine yet (`lyceum data pull mnist` downloads it, \
`lyceum data import mnist DIR` takes it from a folder)
TypeError: load() expects the name of a data set as a str, not int
ValueError: split must be \"train\", \"test\" or None, not 'validation'
ValueError: \"iris\" has no images, so it cannot be given a size
ValueError: the images of \"digits\": expected a size of 8 or 28, found 30
ValueError: size must be a number of pixels, such as 28, not 'big'
"
    );
}
