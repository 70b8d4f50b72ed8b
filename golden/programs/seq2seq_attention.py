# An encoder and an attending decoder learn to say a number's digits in words, backwards.
import random

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import optim

SOS_token, EOS_token, MAX_LENGTH = 0, 1, 6


class Lang:
    def __init__(self, name):
        self.name = name
        self.word2index = {}
        self.word2count = {}
        self.index2word = {0: "SOS", 1: "EOS"}
        self.n_words = 2

    def addSentence(self, sentence):
        for word in sentence.split(" "):
            self.addWord(word)

    def addWord(self, word):
        if word not in self.word2index:
            self.word2index[word] = self.n_words
            self.word2count[word] = 1
            self.index2word[self.n_words] = word
            self.n_words += 1
        else:
            self.word2count[word] += 1


random.seed(0)
torch.manual_seed(0)
words = "zero one two three four five".split()
pairs = []
for _ in range(60):
    digits = [random.randrange(6) for _ in range(random.randint(2, 4))]
    pairs.append((" ".join(map(str, digits)), " ".join(words[d] for d in reversed(digits))))
input_lang, output_lang = Lang("digits"), Lang("words")
for a, b in pairs:
    input_lang.addSentence(a)
    output_lang.addSentence(b)
print("Counted words:", input_lang.n_words, output_lang.n_words, random.choice(pairs))


class EncoderRNN(nn.Module):
    def __init__(self, input_size, hidden_size, dropout_p=0.1):
        super().__init__()
        self.embedding = nn.Embedding(input_size, hidden_size)
        self.gru = nn.GRU(hidden_size, hidden_size, batch_first=True)
        self.dropout = nn.Dropout(dropout_p)

    def forward(self, input):
        return self.gru(self.dropout(self.embedding(input)))


class BahdanauAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.Wa = nn.Linear(hidden_size, hidden_size)
        self.Ua = nn.Linear(hidden_size, hidden_size)
        self.Va = nn.Linear(hidden_size, 1)

    def forward(self, query, keys):
        scores = self.Va(torch.tanh(self.Wa(query) + self.Ua(keys)))
        scores = scores.squeeze(2).unsqueeze(1)
        weights = F.softmax(scores, dim=-1)
        return torch.bmm(weights, keys), weights


class AttnDecoderRNN(nn.Module):
    def __init__(self, hidden_size, output_size, dropout_p=0.1):
        super().__init__()
        self.embedding = nn.Embedding(output_size, hidden_size)
        self.attention = BahdanauAttention(hidden_size)
        self.gru = nn.GRU(2 * hidden_size, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, output_size)
        self.dropout = nn.Dropout(dropout_p)

    def forward(self, encoder_outputs, encoder_hidden, target_tensor=None):
        batch_size = encoder_outputs.size(0)
        decoder_input = torch.empty(batch_size, 1, dtype=torch.long).fill_(SOS_token)
        decoder_hidden, outputs, attentions = encoder_hidden, [], []
        for i in range(MAX_LENGTH):
            embedded = self.dropout(self.embedding(decoder_input))
            context, weights = self.attention(decoder_hidden.permute(1, 0, 2), encoder_outputs)
            output, decoder_hidden = self.gru(torch.cat((embedded, context), dim=2), decoder_hidden)
            output = self.out(output)
            outputs.append(output)
            attentions.append(weights)
            if target_tensor is not None:
                decoder_input = target_tensor[:, i].unsqueeze(1)
            else:
                decoder_input = output.topk(1)[1].squeeze(-1).detach()
        return F.log_softmax(torch.cat(outputs, dim=1), dim=-1), decoder_hidden, torch.cat(attentions, dim=1)


def indexes(lang, sentence):
    ids = [lang.word2index[word] for word in sentence.split(" ")] + [EOS_token]
    return ids + [0] * (MAX_LENGTH - len(ids))


inputs = torch.tensor([indexes(input_lang, a) for a, _ in pairs])
targets = torch.tensor([indexes(output_lang, b) for _, b in pairs])
encoder, decoder = EncoderRNN(input_lang.n_words, 32), AttnDecoderRNN(32, output_lang.n_words)
encoder_optimizer = optim.Adam(encoder.parameters(), lr=0.01)
decoder_optimizer = optim.Adam(decoder.parameters(), lr=0.01)
criterion = nn.NLLLoss()
for epoch in range(1, 41):
    encoder_optimizer.zero_grad()
    decoder_optimizer.zero_grad()
    encoder_outputs, encoder_hidden = encoder(inputs)
    decoder_outputs, _, _ = decoder(encoder_outputs, encoder_hidden, targets)
    loss = criterion(decoder_outputs.view(-1, decoder_outputs.size(-1)), targets.view(-1))
    loss.backward()
    encoder_optimizer.step()
    decoder_optimizer.step()
    if epoch % 10 == 0:
        print("(%d %d%%) %.4f" % (epoch, epoch / 40 * 100, loss.item()))

encoder.eval()
decoder.eval()
with torch.no_grad():
    for source, target in pairs[:4]:
        outputs, _, attention = decoder(*encoder(torch.tensor([indexes(input_lang, source)])))
        decoded = []
        for idx in outputs.topk(1)[1].squeeze():
            if idx.item() == EOS_token:
                decoded.append("<EOS>")
                break
            decoded.append(output_lang.index2word[idx.item()])
        print(">", source, "=", target, "<", " ".join(decoded), attention.shape, attention[0, 0].argmax().item())
