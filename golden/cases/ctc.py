"""Connectionist temporal classification: values, gradients, forms of targets, reductions, errors, training."""


def log_probs(*shape, shift=0, dtype=None):
    """Log-probabilities from spread scores, and the scores."""
    scores = data(*shape, shift=shift, dtype=dtype, grad=True)
    return scores, scores.log_softmax(-1)

# --- padded_targets
scores, y = log_probs(6, 2, 4)
targets = torch.tensor([[1, 2, 3], [2, 2, 0]])
for reduction in ("none", "sum", "mean"):
    show(F.ctc_loss(y, targets, torch.tensor([6, 5]), torch.tensor([3, 2]), reduction=reduction))
F.ctc_loss(y, targets, torch.tensor([6, 5]), torch.tensor([3, 2])).backward()
show(scores.grad)

# --- concatenated_targets
scores, y = log_probs(6, 3, 4)
targets = torch.tensor([1, 2, 3, 2, 2, 3])
loss = F.ctc_loss(y, targets, (6, 5, 4), (3, 2, 1), reduction="none")
show(loss)
weigh(loss).backward()
show(scores.grad)

# --- lengths_of_all_kinds
_, y = log_probs(5, 2, 3)
targets = torch.tensor([[1, 2], [1, 0]])
for kind in (lambda x: x, tuple, torch.tensor, lambda x: torch.tensor(x, dtype=torch.int32)):
    show(F.ctc_loss(y, targets, kind([5, 4]), kind([2, 1])))
show(F.ctc_loss(y, targets.int(), torch.tensor([5, 4], dtype=torch.int32), torch.tensor([2, 1], dtype=torch.int32)))

# --- other_blank
scores, y = log_probs(5, 2, 4)
loss = nn.CTCLoss(blank=3)(y, torch.tensor([[0, 1], [2, 2]]), [5, 5], [2, 2])
loss.backward()
show(loss, scores.grad)

# --- repeated_labels
scores, y = log_probs(6, 1, 3)
loss = F.ctc_loss(y, torch.tensor([[1, 1, 1]]), [6], [3], reduction="sum")
loss.backward()
show(loss, scores.grad)

# --- too_long
scores, y = log_probs(3, 2, 4)
targets = torch.tensor([[1, 1, 2], [1, 2, 3]])
show(F.ctc_loss(y, targets, [3, 3], [3, 3], reduction="none"), F.ctc_loss(y, targets, [3, 3], [3, 3]))
loss = F.ctc_loss(y, targets, [3, 3], [3, 3], reduction="sum", zero_infinity=True)
loss.backward()
show(loss, scores.grad)

# --- empty_target
scores, y = log_probs(4, 2, 3)
loss = F.ctc_loss(y, torch.tensor([[1, 2], [0, 0]]), [4, 4], [2, 0], reduction="none")
show(loss, F.ctc_loss(y, torch.tensor([[1, 2], [0, 0]]), [4, 4], [2, 0]))
weigh(loss).backward()
show(scores.grad)

# --- exact_fit
scores, y = log_probs(3, 1, 4)
loss = F.ctc_loss(y, torch.tensor([[1, 2, 3]]), [3], [3], reduction="sum")
loss.backward()
show(loss, -(y[0, 0, 1] + y[1, 0, 2] + y[2, 0, 3]), scores.grad)

# --- unbatched
scores, y = log_probs(5, 4)
show(F.ctc_loss(y, torch.tensor([1, 3]), torch.tensor(5), torch.tensor(2)), F.ctc_loss(y, torch.tensor([1, 3]), (5,), (2,), reduction="none"))
F.ctc_loss(y, torch.tensor([1, 3]), torch.tensor([5]), torch.tensor([2])).backward()
show(scores.grad)

# --- module
criterion = nn.CTCLoss(blank=1, reduction="sum", zero_infinity=True)
scores, y = log_probs(5, 2, 3)
show(criterion(y, torch.tensor([[0, 2], [2, 0]]), [5, 5], [2, 1]), criterion.blank, criterion.reduction, criterion.zero_infinity)
print(criterion)

# --- double_precision
scores, y = log_probs(6, 2, 4, dtype=torch.float64)
loss = F.ctc_loss(y, torch.tensor([[1, 2, 3], [2, 2, 0]]), [6, 5], [3, 2])
loss.backward()
show(loss, scores.grad)

# --- gradcheck
scores = data(4, 2, 3, dtype=torch.float64, grad=True)
show(torch.autograd.gradcheck(lambda x: F.ctc_loss(x.log_softmax(-1), torch.tensor([[1, 2], [2, 0]]), [4, 4], [2, 1], reduction="none"), (scores,)))

# --- long_sequence
scores, y = log_probs(60, 1, 6)
targets = torch.tensor([[1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 1, 2, 4, 5]])
loss = F.ctc_loss(y, targets, [60], [14], reduction="sum")
loss.backward()
show(loss, scores.grad[::13])

# --- errors
_, y = log_probs(5, 2, 3)
targets = torch.tensor([[1, 2], [1, 0]])
fails(lambda: F.ctc_loss(y, targets, [5, 4], [2, 1], blank=3))
fails(lambda: F.ctc_loss(y, targets, [5, 4], [2, 1], blank=-1))
fails(lambda: F.ctc_loss(y, targets, [5], [2, 1]))
fails(lambda: F.ctc_loss(y, targets, [5, 4], [2]))
fails(lambda: F.ctc_loss(y, targets, [6, 4], [2, 1]))
fails(lambda: F.ctc_loss(y, targets, [5, 4], [3, 1]))
fails(lambda: F.ctc_loss(y, targets, [5, 4], [2, 1], reduction="average"))
fails(lambda: F.ctc_loss(torch.zeros(5, 2, 3, dtype=torch.int64), targets, [5, 4], [2, 1]))
fails(lambda: F.ctc_loss(y, targets, torch.tensor([5.0, 4.0]), torch.tensor([2, 1])))
fails(lambda: F.ctc_loss(y, targets))

# --- second_derivative
scores, y = log_probs(4, 1, 3)
try:
    (first,) = torch.autograd.grad(F.ctc_loss(y, torch.tensor([[1]]), [4], [1]), scores, create_graph=True)
    first.sum().backward()
except RuntimeError:
    show("there is none")

# --- greedy_decoding
path = torch.tensor([0, 1, 1, 0, 1, 2, 2, 0, 0, 3])
collapsed = torch.unique_consecutive(path)
show(collapsed[collapsed != 0])

# --- training rtol=5e-4
torch.manual_seed(5)


class Recognizer(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 12, bidirectional=True, batch_first=True)
        self.head = nn.Linear(24, 5)

    def forward(self, x):
        return self.head(self.lstm(x)[0]).log_softmax(-1).transpose(0, 1)


x = torch.randn(4, 12, 4)
targets = torch.randint(1, 5, (4, 3))
input_lengths, target_lengths = torch.tensor([12, 11, 10, 9]), torch.tensor([3, 3, 2, 1])
model = Recognizer()
optimizer = optim.Adam(model.parameters(), lr=0.02)
criterion = nn.CTCLoss(zero_infinity=True)
for step in range(10):
    loss = criterion(model(x), targets, input_lengths, target_lengths)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimizer.step()
    show(loss.item())
show(model(x).argmax(-1).T)
