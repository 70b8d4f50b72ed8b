"""The printed forms of modules, losses, optimisers and containers."""

# --- linear
print(nn.Linear(3, 2))
print(nn.Linear(3, 2, bias=False))
print(nn.Bilinear(2, 3, 4))
print(nn.Identity())

# --- convolutions
print(nn.Conv1d(1, 2, 3))
print(nn.Conv2d(1, 2, 3))
print(nn.Conv2d(1, 2, (3, 5), stride=2, padding=1, dilation=2, bias=False))
print(nn.Conv2d(4, 4, 3, groups=2, padding="same"))
print(nn.Conv2d(1, 2, 3, padding=1, padding_mode="reflect"))
print(nn.ConvTranspose2d(2, 1, 3, stride=2, padding=1, output_padding=1))
print(nn.ConvTranspose1d(2, 1, 3))

# --- pooling
print(nn.MaxPool1d(2))
print(nn.MaxPool2d(2, 2))
print(nn.MaxPool2d(kernel_size=3, stride=2, padding=1, ceil_mode=True))
print(nn.MaxPool2d((2, 3)))
print(nn.AvgPool1d(2))
print(nn.AvgPool2d(2))
print(nn.AvgPool2d(3, stride=1, padding=1))
print(nn.AdaptiveAvgPool1d(1))
print(nn.AdaptiveAvgPool2d(1))
print(nn.AdaptiveAvgPool2d((2, 3)))
print(nn.AdaptiveMaxPool2d(1))

# --- norms
print(nn.BatchNorm1d(3))
print(nn.BatchNorm2d(3, eps=1e-3, momentum=0.2, affine=False, track_running_stats=False))
print(nn.LayerNorm(4))
print(nn.LayerNorm((2, 3), elementwise_affine=False))
print(nn.GroupNorm(2, 4))
print(nn.RMSNorm(4))
print(nn.InstanceNorm2d(3))

# --- dropout_and_embedding
print(nn.Dropout())
print(nn.Dropout(p=0.25, inplace=True))
print(nn.Dropout2d(0.1))
print(nn.Embedding(10, 3))
print(nn.Embedding(10, 3, padding_idx=0))
print(nn.EmbeddingBag(10, 3, mode="sum"))

# --- activations
for m in (nn.ReLU(), nn.ReLU(inplace=True), nn.ReLU6(), nn.LeakyReLU(), nn.LeakyReLU(0.2), nn.PReLU(), nn.ELU(), nn.ELU(alpha=0.5), nn.SELU(), nn.CELU(), nn.GELU(), nn.GELU(approximate="tanh"), nn.SiLU(), nn.Mish(), nn.Sigmoid(), nn.LogSigmoid(), nn.Tanh(), nn.Softplus(), nn.Softplus(2, 10), nn.Softsign(), nn.Hardtanh(), nn.Hardtanh(-2, 3), nn.Softmax(dim=1), nn.Softmax(), nn.LogSoftmax(dim=-1), nn.GLU(), nn.Threshold(0.1, 20), nn.Hardswish(), nn.Hardsigmoid(), nn.Tanhshrink(), nn.Softshrink()):
    print(m)

# --- losses
for m in (nn.MSELoss(), nn.L1Loss(reduction="sum"), nn.SmoothL1Loss(), nn.HuberLoss(delta=0.5), nn.BCELoss(), nn.BCEWithLogitsLoss(), nn.CrossEntropyLoss(), nn.CrossEntropyLoss(label_smoothing=0.1), nn.NLLLoss(), nn.KLDivLoss(), nn.CosineEmbeddingLoss(), nn.CosineSimilarity(dim=1)):
    print(m)

# --- shape_modules
print(nn.Flatten())
print(nn.Flatten(start_dim=0, end_dim=2))
print(nn.Unflatten(1, (2, 3)))
print(nn.Upsample(scale_factor=2))
print(nn.Upsample(size=(4, 4), mode="bilinear", align_corners=True))
print(nn.Unfold(3))
print(nn.Fold((4, 4), 2))
print(nn.ZeroPad2d(1))
print(nn.ReflectionPad2d((1, 2, 3, 4)))
print(nn.ConstantPad1d(2, 0.5))
print(nn.PixelShuffle(2))

# --- sequential
print(nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)))
print(nn.Sequential())
print(nn.Sequential(nn.Sequential(nn.Linear(1, 1)), nn.ReLU()))

# --- named_sequential
from collections import OrderedDict

print(nn.Sequential(OrderedDict([("first", nn.Linear(1, 2)), ("act", nn.Tanh())])))

# --- containers
print(nn.ModuleList([nn.Linear(1, 1), nn.ReLU()]))
print(nn.ModuleList())
print(nn.ModuleList([nn.Linear(2, 2) for _ in range(3)]))
print(nn.ModuleDict({"a": nn.Linear(1, 2), "b": nn.ReLU()}))
print(nn.ParameterList([nn.Parameter(torch.zeros(2, 3)), nn.Parameter(torch.zeros(1))]))
print(nn.ParameterDict({"w": nn.Parameter(torch.zeros(2))}))

# --- repeated_blocks
print(nn.Sequential(nn.ReLU(), nn.ReLU(), nn.Linear(1, 1), nn.ReLU()))
print(nn.ModuleList([nn.ReLU(), nn.ReLU(), nn.Tanh()]))

# --- custom
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc1 = nn.Linear(16, 120)
        self.loss = nn.CrossEntropyLoss()

    def forward(self, x):
        return x


print(Net())
show(repr(Net()) == str(Net()))

# --- custom_nested
class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.body = nn.Sequential(nn.Linear(d, 2 * d), nn.GELU(), nn.Linear(2 * d, d))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(5, 4)
        self.blocks = nn.ModuleList([Block(4) for _ in range(2)])
        self.heads = nn.ModuleDict({"cls": nn.Linear(4, 2)})


print(Model())

# --- custom_extra_repr
class Scale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def extra_repr(self):
        return f"factor={self.factor}"


class WithBoth(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Scale(3)

    def extra_repr(self):
        return "first line\nsecond line"


print(Scale(2))
print(nn.Sequential(Scale(1), nn.ReLU()))
print(WithBoth())

# --- custom_empty
class Nothing(nn.Module):
    pass


print(Nothing())
print(nn.Module())
print(nn.Sequential(Nothing()))

# --- network_of_the_article
class CNN(nn.Module):
    def __init__(self):
        super(CNN, self).__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=32, kernel_size=3, stride=1, padding=1)
        self.fc1 = nn.Linear(in_features=64 * 7 * 7, out_features=128)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.relu = nn.ReLU()


print(CNN())

# --- optimizers
w = nn.Parameter(torch.zeros(1))
print(optim.SGD([w], lr=0.1))
print(optim.SGD([w], lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-4))

# --- optimizer_adam
w = nn.Parameter(torch.zeros(1))
print(optim.Adam([w]))
print(optim.AdamW([w], lr=3e-4, betas=(0.9, 0.95)))

# --- optimizer_others
w = nn.Parameter(torch.zeros(1))
print(optim.RMSprop([w], lr=0.01))
print(optim.Adagrad([w]))

# --- optimizer_groups
a = nn.Parameter(torch.zeros(1))
b = nn.Parameter(torch.zeros(1))
print(optim.SGD([{"params": [a]}, {"params": [b], "lr": 0.5}], lr=0.1))

# --- state_dict_printed
m = nn.Linear(1, 2)
m.weight.data.fill_(0.5)
m.bias.data.zero_()
print(dict(m.state_dict()))

# --- classes
show(nn.Linear.__name__, nn.Linear.__module__, type(nn.ReLU()).__name__, torch.Tensor.__name__, torch.Tensor.__module__, str(type(torch.zeros(1))), str(torch.Tensor), str(nn.Linear), str(nn.Parameter), type(optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.1)).__name__)

# --- transformers_mlp
print(nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)))
