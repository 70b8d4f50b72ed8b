"""The Transformer's layers: values, gradients, masks, forms, initialisation, dropout, printing, errors, training."""


def gradients(module):
    """The gradient of every parameter, by name."""
    return [(name, parameter.grad) for name, parameter in module.named_parameters()]


def causal(size):
    """The mask that hides what comes later."""
    return nn.Transformer.generate_square_subsequent_mask(size)

# --- encoder_layer
layer = nn.TransformerEncoderLayer(8, 2, 12, dropout=0.0)
x = data(4, 2, 8, grad=True)
output = layer(x)
show(output)
weigh(output).backward()
show(x.grad, gradients(layer))

# --- encoder_layer_norm_first
layer = nn.TransformerEncoderLayer(8, 2, 12, dropout=0.0, norm_first=True, batch_first=True)
x = data(2, 4, 8, grad=True)
output = layer(x)
show(output)
weigh(output).backward()
show(x.grad, gradients(layer))

# --- encoder_layer_activations
x = data(3, 2, 8)
for activation in ("relu", "gelu", F.gelu, torch.tanh, nn.SiLU(), nn.GELU(), lambda x: x * 0.5):
    torch.manual_seed(1)
    show(nn.TransformerEncoderLayer(8, 2, 12, 0.0, activation)(x))

# --- encoder_layer_masks
layer = nn.TransformerEncoderLayer(8, 2, 12, 0.0, batch_first=True)
x = data(2, 4, 8)
padding = torch.tensor([[False, False, False, True], [False, False, True, True]])
show(layer(x, src_key_padding_mask=padding), layer(x, causal(4)), layer(x, causal(4), is_causal=True))
show(layer(x, src_mask=torch.triu(torch.ones(4, 4), 1).bool(), src_key_padding_mask=padding))

# --- encoder_layer_unbatched
layer = nn.TransformerEncoderLayer(8, 2, 12, 0.0)
show(layer(data(4, 8)), layer(data(4, 8), src_key_padding_mask=torch.tensor([False, False, False, True])))

# --- encoder_layer_without_bias
layer = nn.TransformerEncoderLayer(8, 2, 12, 0.0, bias=False, layer_norm_eps=1e-3)
show(layer(data(3, 2, 8)), list(layer.state_dict()))

# --- encoder_layer_evaluation
layer = nn.TransformerEncoderLayer(8, 2, 12, batch_first=True).eval()
x = data(2, 4, 8)
show(layer(x), layer(x, causal(4)))
with torch.no_grad():
    show(layer(x), layer(x, causal(4)))

# --- encoder
layer = nn.TransformerEncoderLayer(8, 2, 12, 0.0)
encoder = nn.TransformerEncoder(layer, 2, nn.LayerNorm(8))
x = data(3, 2, 8, grad=True)
output = encoder(x)
show(output)
weigh(output).backward()
show(x.grad, gradients(encoder), [p.grad for p in layer.parameters()])

# --- encoder_layers_are_copies
layer = nn.TransformerEncoderLayer(4, 1, 4)
encoder = nn.TransformerEncoder(layer, 3, enable_nested_tensor=False)
first, second_, third = encoder.layers
show(torch.equal(first.linear1.weight, third.linear1.weight), first is second_, first.linear1.weight is layer.linear1.weight)
show(sum(p.numel() for p in encoder.parameters()), len(list(encoder.parameters())))
fails(lambda: nn.TransformerEncoder(layer, 2, enable_nested_tensors=False))

# --- encoder_masks
encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 12, 0.0, batch_first=True), 2)
x = data(2, 4, 8)
padding = torch.tensor([[False, False, False, True], [False, False, True, True]])
show(encoder(x, causal(4)), encoder(x, causal(4), is_causal=True), encoder(x, src_key_padding_mask=padding))
show(encoder(x, mask=torch.triu(torch.ones(4, 4), 1).bool(), src_key_padding_mask=padding))
show(encoder(x, causal(4), src_key_padding_mask=padding.float().masked_fill(padding, -math.inf)))

# --- encoder_evaluation_with_padding
encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 12, batch_first=True), 2, enable_nested_tensor=False).eval()
padding = torch.tensor([[False, False, False, True], [False, False, True, True]])
with torch.no_grad():
    output = encoder(data(2, 4, 8), src_key_padding_mask=padding)
show(output[~padding], encoder(data(2, 4, 8), src_key_padding_mask=padding))

# --- decoder_layer
layer = nn.TransformerDecoderLayer(8, 2, 12, dropout=0.0)
x, memory = data(3, 2, 8, grad=True), data(5, 2, 8, grad=True, shift=3)
output = layer(x, memory)
show(output)
weigh(output).backward()
show(x.grad, memory.grad, gradients(layer))

# --- decoder_layer_norm_first
layer = nn.TransformerDecoderLayer(8, 2, 12, 0.0, "gelu", norm_first=True, batch_first=True)
x, memory = data(2, 3, 8, grad=True), data(2, 5, 8, grad=True, shift=3)
output = layer(x, memory, tgt_mask=causal(3))
show(output)
weigh(output).backward()
show(x.grad, memory.grad, gradients(layer))

# --- decoder_layer_masks
layer = nn.TransformerDecoderLayer(8, 2, 12, 0.0, batch_first=True)
x, memory = data(2, 3, 8), data(2, 4, 8, shift=3)
padding = torch.tensor([[False, False, False, True], [False, False, True, True]])
later = torch.triu(torch.ones(3, 3), 1).bool()
show(layer(x, memory, tgt_mask=later, memory_key_padding_mask=padding))
show(layer(x, memory, later, tgt_key_padding_mask=padding[:, 1:], tgt_is_causal=True))
show(layer(x, memory, memory_mask=torch.ones(3, 4).tril(1) == 0), layer(x[0], memory[0], causal(3), tgt_is_causal=True))

# --- decoder
decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 12, 0.0), 2, norm=nn.LayerNorm(8))
x, memory = data(3, 2, 8, grad=True), data(4, 2, 8, shift=3)
output = decoder(x, memory, tgt_mask=causal(3))
show(output, decoder(x, memory, tgt_mask=causal(3), tgt_is_causal=True), decoder(x, memory))
weigh(output).backward()
show(x.grad, gradients(decoder)[:6])

# --- whole
model = nn.Transformer(8, 2, 1, 1, 12, dropout=0.0)
source, target = data(4, 2, 8, grad=True), data(3, 2, 8, grad=True, shift=3)
output = model(source, target, tgt_mask=causal(3))
show(output)
weigh(output).backward()
show(source.grad, target.grad, gradients(model))

# --- whole_batch_first
model = nn.Transformer(8, 2, 2, 2, 12, 0.0, "gelu", batch_first=True, norm_first=True)
source, target = data(2, 4, 8), data(2, 3, 8, shift=3)
padding = torch.tensor([[False, False, False, True], [False, False, True, True]])
show(model(source, target))
show(model(source, target, tgt_mask=causal(3), src_key_padding_mask=padding, memory_key_padding_mask=padding))
show(model(source, target, src_mask=causal(4), tgt_mask=causal(3), src_is_causal=True, tgt_is_causal=True))
show(model(source[0], target[0]))

# --- custom_parts
encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 4, 0.0), 1)
model = nn.Transformer(8, 2, num_decoder_layers=1, dim_feedforward=4, dropout=0.0, custom_encoder=encoder)
show(model.encoder is encoder, model(data(3, 1, 8), data(2, 1, 8)))

# --- subsequent_mask
show(nn.Transformer.generate_square_subsequent_mask(4), nn.Transformer.generate_square_subsequent_mask(2, dtype=torch.float64))
show(nn.Transformer.generate_square_subsequent_mask(1), nn.Transformer(4, 1, 1, 1, 4).generate_square_subsequent_mask(2))

# --- state_dict
show(list(nn.TransformerEncoderLayer(4, 1, 4).state_dict()), list(nn.TransformerDecoderLayer(4, 1, 4).state_dict()))
model = nn.Transformer(4, 1, 1, 1, 4)
other = nn.Transformer(4, 1, 1, 1, 4)
show(list(model.state_dict()), str(other.load_state_dict(model.state_dict())))

# --- initialization_of_layers exact
torch.manual_seed(2)
show([(name, p) for name, p in nn.TransformerEncoderLayer(4, 2, 4).named_parameters()])
show([(name, p) for name, p in nn.TransformerDecoderLayer(4, 2, 4).named_parameters()], torch.rand(1))

# --- initialization_of_whole exact
model = nn.Transformer(4, 2, 2, 1, 4)
show([(name, p) for name, p in model.named_parameters()], torch.rand(1))

# --- default_sizes
model = nn.Transformer()
show(sum(p.numel() for p in model.parameters()), len(model.encoder.layers), len(model.decoder.layers), model.d_model, model.nhead, model.batch_first)
layer = model.encoder.layers[0]
show(layer.linear1.out_features, layer.dropout.p, layer.norm1.eps, layer.norm_first, layer.activation is F.relu, layer.self_attn.dropout)

# --- dropout_in_encoder_layer
layer = nn.TransformerEncoderLayer(8, 2, 12, dropout=0.3)
torch.manual_seed(9)
show(layer(data(3, 2, 8)), torch.rand(1))
layer.eval()
show(layer(data(3, 2, 8)))

# --- dropout_batch_first
layer = nn.TransformerEncoderLayer(8, 2, 12, dropout=0.3, batch_first=True)
torch.manual_seed(9)
show(layer(data(2, 3, 8)), layer(data(2, 3, 8), causal(3), is_causal=True), torch.rand(1))

# --- dropout_in_decoder_layer
layer = nn.TransformerDecoderLayer(8, 2, 12, dropout=0.2, norm_first=True)
torch.manual_seed(9)
show(layer(data(3, 2, 8), data(4, 2, 8), causal(3)), torch.rand(1))

# --- dropout_in_whole
model = nn.Transformer(8, 2, 1, 1, 12, dropout=0.1, batch_first=True)
torch.manual_seed(9)
show(model(data(2, 4, 8), data(2, 3, 8), tgt_mask=causal(3)), torch.rand(1))

# --- printed
print(nn.TransformerEncoderLayer(8, 2))
print(nn.TransformerDecoderLayer(8, 2, 16, activation=nn.GELU(), bias=False))
print(nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, activation="gelu"), 3))
print(nn.Transformer(8, 2, 1, 2, 16))

# --- errors
fails(lambda: nn.TransformerEncoderLayer(8, 3))
fails(lambda: nn.TransformerEncoderLayer(8, 2, activation="swish"))
fails(lambda: nn.TransformerEncoderLayer(8, 2, dropout=2.0))
fails(lambda: nn.TransformerEncoderLayer(8))
layer = nn.TransformerEncoderLayer(8, 2, 4)
fails(lambda: layer(data(3, 2, 6)))
fails(lambda: layer(data(3, 2, 8), torch.zeros(2, 2)))
fails(lambda: layer(data(3, 2, 8), is_causal=True))
fails(lambda: layer(data(3, 2, 8), src_key_padding_mask=torch.zeros(3, 3, dtype=torch.bool)))
fails(lambda: layer(data(3, 2, 8), torch.zeros(3, 3, dtype=torch.int64)))
model = nn.Transformer(8, 2, 1, 1, 4)
fails(lambda: model(data(3, 2, 8), data(3, 1, 8)))
fails(lambda: model(data(3, 2, 6), data(3, 2, 8)))
fails(lambda: model(data(3, 2, 8)))
fails(lambda: nn.TransformerDecoderLayer(8, 2)(data(3, 2, 8)))

# --- double_precision
layer = nn.TransformerEncoderLayer(4, 2, 4, 0.0, dtype=torch.float64)
x = data(3, 1, 4, dtype=torch.float64, grad=True)
grads(layer(x), x, *layer.parameters())

# --- sinusoidal_positions
class PositionalEncoding(nn.Module):
    def __init__(self, d_model, dropout=0.1, max_len=50):
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)
        position = torch.arange(max_len).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        pe = torch.zeros(max_len, 1, d_model)
        pe[:, 0, 0::2] = torch.sin(position * div_term)
        pe[:, 0, 1::2] = torch.cos(position * div_term)
        self.register_buffer("pe", pe)

    def forward(self, x):
        return self.dropout(x + self.pe[: x.size(0)])


positions = PositionalEncoding(6).eval()
show(positions(torch.zeros(5, 1, 6)), list(positions.state_dict()), positions.pe.shape)

# --- language_model rtol=5e-4
torch.manual_seed(12)
tokens = torch.tensor([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4, 3])


class LanguageModel(nn.Module):
    def __init__(self, vocabulary, d_model):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, d_model)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(d_model, 2, 32, 0.1), 2)
        self.head = nn.Linear(d_model, vocabulary)
        self.d_model = d_model
        self.head.bias.data.zero_()
        self.head.weight.data.uniform_(-0.1, 0.1)

    def forward(self, x):
        mask = nn.Transformer.generate_square_subsequent_mask(len(x))
        return self.head(self.encoder(self.embed(x) * math.sqrt(self.d_model), mask))


model = LanguageModel(10, 16)
optimizer = optim.SGD(model.parameters(), lr=0.5)
scheduler = optim.lr_scheduler.StepLR(optimizer, 4, gamma=0.9)
batches = tokens[:24].view(2, 12).t().contiguous()
for step in range(8):
    loss = F.cross_entropy(model(batches[:-1]).view(-1, 10), batches[1:].reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    optimizer.step()
    scheduler.step()
    show(loss.item())

# --- copy_task rtol=1e-3
torch.manual_seed(13)


class Seq2Seq(nn.Module):
    def __init__(self, vocabulary=8, d_model=16):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, d_model)
        self.position = nn.Parameter(torch.randn(1, 8, d_model) * 0.1)
        self.transformer = nn.Transformer(d_model, 2, 1, 1, 32, 0.0, batch_first=True)
        self.head = nn.Linear(d_model, vocabulary)

    def forward(self, source, target):
        mask = self.transformer.generate_square_subsequent_mask(target.size(1))
        source = self.embed(source) + self.position[:, : source.size(1)]
        target = self.embed(target) + self.position[:, : target.size(1)]
        return self.head(self.transformer(source, target, tgt_mask=mask, tgt_is_causal=True))


model = Seq2Seq()
optimizer = optim.Adam(model.parameters(), lr=3e-3, betas=(0.9, 0.98), eps=1e-9)
for step in range(12):
    source = torch.randint(2, 8, (8, 5))
    target = torch.cat([torch.ones(8, 1, dtype=torch.long), source], dim=1)
    loss = F.cross_entropy(model(source, target[:, :-1]).transpose(1, 2), target[:, 1:], label_smoothing=0.1)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    show(loss.item())

# --- greedy_decoding
torch.manual_seed(14)
model = nn.Transformer(8, 2, 1, 1, 16, 0.0, batch_first=True).eval()
embed, head = nn.Embedding(6, 8), nn.Linear(8, 6)
with torch.no_grad():
    memory = model.encoder(embed(torch.tensor([[2, 3, 4]])))
    tokens = torch.tensor([[1]])
    for _ in range(5):
        mask = model.generate_square_subsequent_mask(tokens.size(1))
        output = model.decoder(embed(tokens), memory, tgt_mask=mask)
        tokens = torch.cat([tokens, head(output[:, -1:]).argmax(-1)], dim=1)
show(tokens)
