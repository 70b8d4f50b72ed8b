"""RNN, LSTM, GRU and their cells: values, gradients, states, forms of input, printing, errors, training."""

from torch.nn.utils.rnn import pack_padded_sequence, pack_sequence, pad_packed_sequence


def gradients(module):
    """The gradient of every parameter, by name."""
    return [(name, parameter.grad) for name, parameter in module.named_parameters()]


def run(module, *inputs):
    """Shows what a recurrent module gives and every gradient of a weighted sum of it."""
    output, states = module(*inputs)
    states = states if isinstance(states, tuple) else (states,)
    show(output, *states)
    total = weigh(output.contiguous()) + sum(weigh(state.contiguous()) for state in states)
    total.backward()
    show(gradients(module))

# --- rnn
rnn = nn.RNN(3, 4)
x = data(5, 2, 3, grad=True)
run(rnn, x)
show(x.grad)

# --- rnn_relu
rnn = nn.RNN(3, 4, 2, nonlinearity="relu")
x = data(4, 2, 3, grad=True)
run(rnn, x)
show(x.grad)

# --- rnn_positional_nonlinearity
show(nn.RNN(3, 4, 1, "relu").nonlinearity, nn.RNN(3, 4).nonlinearity, nn.RNN(3, 4, 1, "relu").mode)

# --- rnn_with_state
rnn = nn.RNN(3, 4, batch_first=True)
h = data(1, 2, 4, grad=True, shift=3)
run(rnn, data(2, 5, 3), h)
show(h.grad)

# --- lstm
lstm = nn.LSTM(3, 4)
x = data(5, 2, 3, grad=True)
run(lstm, x)
show(x.grad)

# --- lstm_two_layers
run(nn.LSTM(3, 4, num_layers=2), data(3, 2, 3))

# --- lstm_bidirectional
lstm = nn.LSTM(3, 4, bidirectional=True)
x = data(4, 2, 3, grad=True)
run(lstm, x)
show(x.grad)

# --- lstm_deep_bidirectional
lstm = nn.LSTM(2, 3, num_layers=2, bidirectional=True, batch_first=True)
run(lstm, data(2, 4, 2))
show([name for name, _ in lstm.named_parameters()], [p.shape for p in lstm.parameters()])

# --- lstm_with_states
lstm = nn.LSTM(3, 4, batch_first=True)
h, c = data(1, 2, 4, grad=True), data(1, 2, 4, grad=True, shift=5)
output, (h_n, c_n) = lstm(data(2, 3, 3), (h, c))
show(output, h_n, c_n)
(weigh(output.contiguous()) + weigh(c_n)).backward()
show(h.grad, c.grad, gradients(lstm))

# --- lstm_without_bias
lstm = nn.LSTM(3, 4, bias=False)
run(lstm, data(3, 2, 3))
show(list(lstm.state_dict()))

# --- lstm_projection
lstm = nn.LSTM(3, 5, proj_size=2)
x = data(4, 2, 3, grad=True)
run(lstm, x)
show(x.grad, list(lstm.state_dict()), lstm.weight_hr_l0.shape, lstm.weight_hh_l0.shape)

# --- lstm_deep_projection
lstm = nn.LSTM(3, 5, num_layers=2, proj_size=2, bidirectional=True)
run(lstm, data(3, 2, 3))
show([p.shape for p in lstm.parameters()])

# --- gru
gru = nn.GRU(3, 4)
x = data(5, 2, 3, grad=True)
run(gru, x)
show(x.grad)

# --- gru_deep_bidirectional
run(nn.GRU(3, 4, 2, batch_first=True, bidirectional=True), data(2, 3, 3))

# --- gru_with_state_without_bias
gru = nn.GRU(3, 4, bias=False)
h = data(1, 2, 4, grad=True)
run(gru, data(3, 2, 3), h)
show(h.grad)

# --- unbatched
for kind in (nn.RNN, nn.GRU):
    torch.manual_seed(3)
    layer = kind(3, 4, num_layers=2)
    output, h = layer(data(5, 3))
    show(output, h, *layer(data(5, 3), data(2, 4)))
lstm = nn.LSTM(3, 4, bidirectional=True, batch_first=True)
output, (h, c) = lstm(data(5, 3))
show(output, h, c)

# --- one_step_equals_cell
torch.manual_seed(1)
lstm, cell = nn.LSTM(3, 4), nn.LSTMCell(3, 4)
cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh = lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0, lstm.bias_hh_l0
x = data(4, 2, 3)
h = c = torch.zeros(2, 4)
for step in x:
    h, c = cell(step, (h, c))
output, (h_n, c_n) = lstm(x)
show(torch.allclose(h, h_n[0], atol=1e-6), torch.allclose(c, c_n[0], atol=1e-6), h)

# --- packed_lstm
lstm = nn.LSTM(3, 4, num_layers=2, bidirectional=True)
x = data(5, 3, 3, grad=True)
packed = pack_padded_sequence(x, [5, 3, 2])
output, (h, c) = lstm(packed)
show(output.data, output.batch_sizes, h, c)
(weigh(output.data) + weigh(h) + weigh(c)).backward()
show(x.grad, gradients(lstm))

# --- packed_unsorted_gru
gru = nn.GRU(2, 3, batch_first=True, bidirectional=True)
x = data(4, 5, 2, grad=True)
packed = pack_padded_sequence(x, torch.tensor([2, 5, 1, 3]), batch_first=True, enforce_sorted=False)
output, h = gru(packed)
padded, lengths = pad_packed_sequence(output, batch_first=True)
show(padded, lengths, h, output.sorted_indices, output.unsorted_indices)
(weigh(padded) + weigh(h)).backward()
show(x.grad, gradients(gru))

# --- packed_rnn_with_state
rnn = nn.RNN(2, 3)
h0 = data(1, 3, 3, grad=True)
packed = pack_padded_sequence(data(4, 3, 2), [1, 4, 2], enforce_sorted=False)
output, h = rnn(packed, h0)
show(output.data, h)
(weigh(output.data) + weigh(h)).backward()
show(h0.grad)

# --- packed_lstm_with_states
lstm = nn.LSTM(2, 3, bidirectional=True)
states = data(2, 3, 3), data(2, 3, 3, shift=4)
packed = pack_sequence([data(2, 2), data(4, 2), data(1, 2)], enforce_sorted=False)
output, (h, c) = lstm(packed, states)
show(output.data, h, c)

# --- packed_equals_unpadded
gru = nn.GRU(2, 3)
sequences = [data(4, 2), data(2, 2, shift=7), data(1, 2, shift=9)]
_, together = gru(pack_sequence(sequences))
alone = torch.cat([gru(sequence)[1] for sequence in sequences])
show(torch.allclose(together[0], alone, atol=1e-6), alone)

# --- rnn_cell
cell = nn.RNNCell(3, 4)
x, h = data(2, 3, grad=True), data(2, 4, grad=True, shift=5)
grads(cell(x, h), x, h, *cell.parameters())
show(cell(x), cell(data(3)), cell(data(3), data(4)))

# --- rnn_cell_relu
cell = nn.RNNCell(3, 4, nonlinearity="relu", bias=False)
x = data(2, 3, grad=True)
grads(cell(x), x, *cell.parameters())
print(cell)

# --- lstm_cell
cell = nn.LSTMCell(3, 4)
x, h, c = data(2, 3, grad=True), data(2, 4, grad=True, shift=5), data(2, 4, grad=True, shift=8)
grads(cell(x, (h, c)), x, h, c, *cell.parameters())
show(cell(x), cell(data(3)))

# --- gru_cell
cell = nn.GRUCell(3, 4)
x, h = data(2, 3, grad=True), data(2, 4, grad=True, shift=5)
grads(cell(x, h), x, h, *cell.parameters())
show(cell(x), cell(data(3), data(4)))

# --- cell_errors
for cell in (nn.RNNCell(3, 4), nn.GRUCell(3, 4)):
    fails(lambda: cell(data(2, 5)))
    fails(lambda: cell(data(2, 3), data(3, 4)))
    fails(lambda: cell(data(2, 3), data(2, 5)))
    fails(lambda: cell(data(2, 2, 3)))
    fails(lambda: cell(data(2, 3), data(1, 2, 4)))
cell = nn.LSTMCell(3, 4)
fails(lambda: cell(data(2, 5)))
fails(lambda: cell(data(2, 3), (data(2, 4), data(2, 5))))
fails(lambda: cell(data(2, 2, 3)))
fails(lambda: cell(data(2, 3), (data(1, 2, 4), data(2, 4))))
fails(lambda: nn.RNNCell(3, 4, nonlinearity="gelu")(data(2, 3)))

# --- initialization exact
torch.manual_seed(11)
show([(name, p) for name, p in nn.LSTM(3, 2, num_layers=2, bidirectional=True).named_parameters()])
show(list(nn.GRU(2, 3).parameters()), list(nn.RNN(2, 2, bias=False).parameters()), torch.rand(1))

# --- initialization_of_cells exact
show(list(nn.LSTMCell(2, 3).parameters()), list(nn.GRUCell(2, 2).parameters()), list(nn.RNNCell(2, 2).parameters()))
lstm = nn.LSTM(2, 2, proj_size=1)
show(list(lstm.parameters()))
lstm.reset_parameters()
show(list(lstm.parameters()))

# --- state_dict
lstm = nn.LSTM(3, 2, num_layers=2, bidirectional=True)
state = lstm.state_dict()
show(list(state), [tuple(v.shape) for v in state.values()])
other = nn.LSTM(3, 2, num_layers=2, bidirectional=True)
show(str(other.load_state_dict(state)), torch.equal(other(data(2, 1, 3))[0], lstm(data(2, 1, 3))[0]))
fails(lambda: nn.LSTM(3, 2).load_state_dict(state))
show(list(nn.RNNCell(2, 3).state_dict()), list(nn.GRU(2, 3, bias=False).state_dict()))

# --- all_weights
lstm = nn.LSTM(3, 2, num_layers=2)
show([[tuple(w.shape) for w in row] for row in lstm.all_weights], lstm.flatten_parameters())
show(lstm.all_weights[0][0] is lstm.weight_ih_l0, len(lstm._flat_weights))

# --- replaced_weight
gru = nn.GRU(2, 2)
gru.weight_ih_l0 = nn.Parameter(torch.zeros(6, 2))
gru.bias_hh_l0.data.zero_()
show(gru(data(2, 1, 2))[0])
with torch.no_grad():
    gru.weight_hh_l0.fill_(0.5)
show(gru(data(2, 1, 2))[0])

# --- copies_and_conversions
import copy

lstm = nn.LSTM(2, 3)
twin = copy.deepcopy(lstm)
with torch.no_grad():
    lstm.weight_ih_l0.zero_()
show(twin(data(2, 1, 2))[0], lstm(data(2, 1, 2))[0])
double = copy.deepcopy(twin).double()
show(double(data(2, 1, 2, dtype=torch.float64))[0])

# --- orthogonal_initialization
lstm = nn.LSTM(3, 4)
for name, parameter in lstm.named_parameters():
    if "weight" in name:
        nn.init.orthogonal_(parameter)
    else:
        nn.init.zeros_(parameter)
lstm.bias_hh_l0.data[4:8].fill_(1.0)
show(lstm.bias_hh_l0, lstm(data(2, 1, 3))[0])

# --- double_precision
lstm = nn.LSTM(3, 4, dtype=torch.float64)
x = data(3, 2, 3, dtype=torch.float64, grad=True)
run(lstm, x)
show(x.grad)

# --- gradcheck
lstm, gru = nn.LSTM(2, 2).double(), nn.GRU(2, 2, bidirectional=True).double()
x = data(3, 1, 2, dtype=torch.float64, grad=True)
show(torch.autograd.gradcheck(lambda x: lstm(x)[0], (x,)), torch.autograd.gradcheck(lambda x: gru(x)[0], (x,)))

# --- second_derivatives_of_lstm
lstm = nn.LSTM(2, 2).double()
x = data(3, 1, 2, dtype=torch.float64, grad=True)
second(lstm(x)[0], x, lstm.weight_ih_l0, lstm.weight_hh_l0)

# --- second_derivatives_of_gru
gru = nn.GRU(2, 2).double()
x = data(3, 1, 2, dtype=torch.float64, grad=True)
second(gru(x)[0], x, gru.weight_ih_l0, gru.weight_hh_l0)

# --- second_derivatives_of_rnn
rnn = nn.RNN(2, 2).double()
x = data(3, 1, 2, dtype=torch.float64, grad=True)
second(rnn(x)[0], x, rnn.weight_ih_l0, rnn.weight_hh_l0)

# --- dropout_between_layers
lstm = nn.LSTM(3, 4, num_layers=3, dropout=0.5)
torch.manual_seed(5)
show(lstm(data(4, 2, 3))[0])
lstm.eval()
show(lstm(data(4, 2, 3))[0], torch.rand(2))

# --- dropout_batch_first_bidirectional
gru = nn.GRU(3, 4, num_layers=2, dropout=0.3, batch_first=True, bidirectional=True)
torch.manual_seed(6)
run(gru, data(2, 4, 3))
show(torch.rand(2))

# --- dropout_packed
lstm = nn.LSTM(3, 4, num_layers=2, dropout=0.4)
torch.manual_seed(7)
output, (h, c) = lstm(pack_padded_sequence(data(4, 3, 3), [2, 4, 1], enforce_sorted=False))
show(output.data, h, c)

# --- dropout_of_one
rnn = nn.RNN(3, 4, num_layers=2, dropout=1.0)
show(rnn(data(3, 2, 3)))

# --- printed
print(nn.LSTM(3, 4))
print(nn.LSTM(3, 4, num_layers=2, batch_first=True, dropout=0.2, bidirectional=True))
print(nn.LSTM(3, 4, bias=False, proj_size=2))
print(nn.GRU(3, 4, 2), nn.RNN(3, 4, nonlinearity="relu"), nn.RNN(3, 4, 3, bias=False, batch_first=True, dropout=1))
print(nn.LSTMCell(3, 4), nn.GRUCell(3, 4, bias=False), nn.RNNCell(3, 4))
print(nn.Sequential(nn.Embedding(5, 3), nn.GRU(3, 2)))

# --- constructor_errors
fails(lambda: nn.LSTM(3, 4, dropout=1.5))
fails(lambda: nn.LSTM(3, 4, dropout=True))
fails(lambda: nn.LSTM(3, 4, bias=1))
fails(lambda: nn.LSTM(3, 4, batch_first="yes"))
fails(lambda: nn.LSTM(3.0, 4))
fails(lambda: nn.LSTM(3, 4.0))
fails(lambda: nn.LSTM(0, 4))
fails(lambda: nn.LSTM(3, 0))
fails(lambda: nn.LSTM(3, 4, num_layers=0))
fails(lambda: nn.LSTM(3, 4, proj_size=4))
fails(lambda: nn.LSTM(3, 4, proj_size=-1))
fails(lambda: nn.GRU(3, 4, proj_size=2))
fails(lambda: nn.RNN(3, 4, proj_size=2))
fails(lambda: nn.RNN(3, 4, nonlinearity="sigmoid"))
fails(lambda: nn.LSTM(3))
fails(lambda: nn.LSTM(3, 4, hidden=2))

# --- input_errors
lstm = nn.LSTM(3, 4)
fails(lambda: lstm(data(5, 2, 2)))
fails(lambda: lstm(data(5)))
fails(lambda: lstm(data(5, 2, 3), (data(1, 3, 4), data(1, 2, 4))))
fails(lambda: lstm(data(5, 2, 3), (data(1, 2, 4), data(2, 2, 4))))
fails(lambda: lstm(data(5, 2, 3), (data(2, 4), data(2, 4))))
fails(lambda: lstm(data(5, 3), (data(1, 1, 4), data(1, 1, 4))))
fails(lambda: lstm(data(5, 2, 3).double()))
fails(lambda: lstm(torch.zeros(5, 2, 3, dtype=torch.int64)))
fails(lambda: lstm(torch.zeros(0, 2, 3)))
gru = nn.GRU(3, 4)
fails(lambda: gru(data(2, 2, 2, 3)))
fails(lambda: gru(data(5, 2, 3), data(1, 3, 4)))
fails(lambda: gru(data(5, 2, 3), data(2, 4)))
fails(lambda: gru(data(5, 3), data(1, 1, 4)))

# --- input_error_message raises exact-message
nn.GRU(3, 4)(torch.zeros(5, 2, 7))

# --- hidden_error_message raises exact-message
nn.LSTM(3, 4)(torch.zeros(5, 2, 3), (torch.zeros(1, 3, 4), torch.zeros(1, 3, 4)))

# --- truncated_backpropagation
rnn = nn.RNN(2, 3)
h = torch.zeros(1, 1, 3)
x = data(9, 1, 2)
for start in range(0, 9, 3):
    output, h = rnn(x[start : start + 3], h)
    weigh(output).backward()
    h = h.detach()
show(h, gradients(rnn))

# --- functional_call
gru = nn.GRU(2, 2)
parameters = {name: torch.full_like(p, 0.1) for name, p in gru.named_parameters()}
show(torch.func.functional_call(gru, parameters, (data(2, 1, 2),))[0])

# --- lstm_tagger rtol=1e-4
torch.manual_seed(1)
words = {"the": 0, "dog": 1, "ate": 2, "an": 3, "apple": 4, "everybody": 5, "read": 6, "that": 7, "book": 8}
tags = {"DET": 0, "NN": 1, "V": 2}
sentences = [("the dog ate the apple", "DET NN V DET NN"), ("everybody read that book", "NN V DET NN")]


class Tagger(nn.Module):
    def __init__(self, embedding_dim, hidden_dim, vocabulary, tag_count):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocabulary, embedding_dim)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim)
        self.hidden2tag = nn.Linear(hidden_dim, tag_count)

    def forward(self, sentence):
        embeds = self.word_embeddings(sentence)
        output, _ = self.lstm(embeds.view(len(sentence), 1, -1))
        return F.log_softmax(self.hidden2tag(output.view(len(sentence), -1)), dim=1)


model = Tagger(6, 6, len(words), len(tags))
optimizer = optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    for sentence, answer in sentences:
        model.zero_grad()
        scores = model(torch.tensor([words[word] for word in sentence.split()]))
        loss = nn.NLLLoss()(scores, torch.tensor([tags[tag] for tag in answer.split()]))
        loss.backward()
        optimizer.step()
        show(loss.item())
show(scores)

# --- char_lstm rtol=2e-4
torch.manual_seed(2)
text = "a reader learns to write by reading, and a writer learns to read by writing. "
letters = sorted(set(text))
codes = torch.tensor([letters.index(letter) for letter in text])


class CharModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(letters), 12)
        self.lstm = nn.LSTM(12, 24, num_layers=2, dropout=0.1, batch_first=True)
        self.head = nn.Linear(24, len(letters))

    def forward(self, x, state=None):
        output, state = self.lstm(self.embed(x), state)
        return self.head(output), state


model = CharModel()
optimizer = optim.Adam(model.parameters(), lr=0.01)
state = None
for step in range(12):
    at = step * 6 % 60
    batch = torch.stack([codes[at : at + 13], codes[at + 3 : at + 16]])
    logits, state = model(batch[:, :-1], state)
    state = tuple(part.detach() for part in state)
    loss = F.cross_entropy(logits.reshape(-1, len(letters)), batch[:, 1:].reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    show(loss.item(), norm.item())

# --- gru_classifier_with_packing rtol=2e-4
torch.manual_seed(3)
lengths = torch.randint(2, 8, (12,))
tokens = [torch.randint(1, 9, (int(length),)) for length in lengths]
labels = torch.tensor([int((sequence > 4).sum() * 2 > len(sequence)) for sequence in tokens])
padded = nn.utils.rnn.pad_sequence(tokens, batch_first=True)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(9, 8, padding_idx=0)
        self.gru = nn.GRU(8, 10, batch_first=True, bidirectional=True)
        self.head = nn.Linear(20, 2)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.embed(x), lengths, batch_first=True, enforce_sorted=False)
        _, h = self.gru(packed)
        return self.head(torch.cat([h[-2], h[-1]], dim=1))


model = Classifier()
optimizer = optim.Adam(model.parameters(), lr=0.02)
for step in range(15):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(padded, lengths), labels)
    loss.backward()
    optimizer.step()
    show(loss.item())
show((model(padded, lengths).argmax(1) == labels).float().mean())

# --- sine_with_rnn rtol=1e-4
torch.manual_seed(4)
series = torch.sin(torch.arange(40) * 0.3)
x = torch.stack([series[i : i + 8] for i in range(30)]).unsqueeze(-1)
y = torch.stack([series[i + 8] for i in range(30)]).unsqueeze(-1)
rnn, head = nn.RNN(1, 8, batch_first=True), nn.Linear(8, 1)
optimizer = optim.RMSprop(list(rnn.parameters()) + list(head.parameters()), lr=0.01)
for step in range(12):
    optimizer.zero_grad()
    loss = F.mse_loss(head(rnn(x)[0][:, -1]), y)
    loss.backward()
    optimizer.step()
    show(loss.item())

# --- encoder_decoder_with_attention rtol=5e-4
torch.manual_seed(5)


class Encoder(nn.Module):
    def __init__(self, vocabulary, hidden):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, hidden)
        self.gru = nn.GRU(hidden, hidden, batch_first=True)

    def forward(self, x):
        return self.gru(self.embedding(x))


class AdditiveAttention(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.Wa, self.Ua, self.Va = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden), nn.Linear(hidden, 1)

    def forward(self, query, keys):
        scores = self.Va(torch.tanh(self.Wa(query) + self.Ua(keys))).squeeze(2).unsqueeze(1)
        weights = F.softmax(scores, dim=-1)
        return torch.bmm(weights, keys), weights


class Decoder(nn.Module):
    def __init__(self, vocabulary, hidden):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, hidden)
        self.attention = AdditiveAttention(hidden)
        self.gru = nn.GRU(2 * hidden, hidden, batch_first=True)
        self.out = nn.Linear(hidden, vocabulary)

    def forward(self, keys, h, target):
        token = torch.zeros(keys.size(0), 1, dtype=torch.long)
        outputs = []
        for i in range(target.size(1)):
            context, _ = self.attention(h.permute(1, 0, 2), keys)
            output, h = self.gru(torch.cat((self.embedding(token), context), dim=2), h)
            outputs.append(self.out(output))
            token = target[:, i].unsqueeze(1)
        return F.log_softmax(torch.cat(outputs, dim=1), dim=-1)


source = torch.randint(1, 7, (6, 5))
target = source.flip(1)
encoder, decoder = Encoder(7, 16), Decoder(7, 16)
optimizers = [optim.Adam(encoder.parameters(), lr=0.01), optim.Adam(decoder.parameters(), lr=0.01)]
for step in range(8):
    for optimizer in optimizers:
        optimizer.zero_grad()
    loss = nn.NLLLoss()(decoder(*encoder(source), target).view(-1, 7), target.reshape(-1))
    loss.backward()
    for optimizer in optimizers:
        optimizer.step()
    show(loss.item())
