import torch

from lyceum import exhibit


@exhibit.show
def kernels():
    title = ("第一层卷积学到的核", "The kernels that the first convolution learned")
    exhibit.filters(title, model.conv1.weight)


@exhibit.show
def feature_maps():
    model.eval()
    for digit in range(10):
        title = (f"数字 {digit} 经过第一层之后", f"The digit {digit} after the first layer")
        image = digits.data[(digits.target == digit).nonzero()[0, 0]]
        with torch.no_grad():
            maps = model.pool(model.relu(model.conv1(normalise(image)[None])))
        exhibit.feature_maps(title, image[0], maps[0], most=8)
