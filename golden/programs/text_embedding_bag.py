# News headlines of our own, classified by an EmbeddingBag over offsets made in collate_batch.
import re
import time
from collections import Counter, OrderedDict

import torch
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.data.dataset import random_split

torch.manual_seed(2)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
sport = "the team won the match|a late goal decides the final|runner breaks the record|coach praises young keeper|the final match ends level"
money = "bank raises the rate|prices fall for a third month|market opens the week lower|the firm sells its bank|rate cut lifts market"
sky = "probe sends images of the moon|a comet passes the sun|telescope sees a young star|the moon hides the sun|new star found by telescope"
rows = [(label, line) for label, block in enumerate([sport, money, sky], start=1) for line in block.split("|")] * 4


def tokenizer(line):
    return re.findall(r"[a-z]+", line.lower())


counter = Counter()
for _, line in rows:
    counter.update(tokenizer(line))
ordered = OrderedDict(sorted(counter.items(), key=lambda x: (-x[1], x[0])))
vocab = {"<unk>": 0, **{w: i for i, w in enumerate(ordered, 1)}}
text_pipeline = lambda x: [vocab.get(t, 0) for t in tokenizer(x)]
label_pipeline = lambda x: int(x) - 1
print(text_pipeline("the comet wins"), label_pipeline("3"), list(ordered.items())[:3])


def collate_batch(batch):
    label_list, text_list, offsets = [], [], [0]
    for _label, _text in batch:
        label_list.append(label_pipeline(_label))
        processed_text = torch.tensor(text_pipeline(_text), dtype=torch.int64)
        text_list.append(processed_text)
        offsets.append(processed_text.size(0))
    label_list = torch.tensor(label_list, dtype=torch.int64)
    offsets = torch.tensor(offsets[:-1]).cumsum(dim=0)
    return label_list.to(device), torch.cat(text_list).to(device), offsets.to(device)


class TextClassificationModel(nn.Module):
    def __init__(self, vocab_size, embed_dim, num_class):
        super(TextClassificationModel, self).__init__()
        self.embedding = nn.EmbeddingBag(vocab_size, embed_dim, sparse=False)
        self.fc = nn.Linear(embed_dim, num_class)
        self.init_weights()

    def init_weights(self):
        initrange = 0.5
        self.embedding.weight.data.uniform_(-initrange, initrange)
        self.fc.weight.data.uniform_(-initrange, initrange)
        self.fc.bias.data.zero_()

    def forward(self, text, offsets):
        return self.fc(self.embedding(text, offsets))


model = TextClassificationModel(len(vocab), 16, 3).to(device)
criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=5)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1.0, gamma=0.1)
num_train = int(len(rows) * 0.8)
split_train_, split_valid_ = random_split(rows, [num_train, len(rows) - num_train])
train_dataloader = DataLoader(split_train_, batch_size=8, shuffle=True, collate_fn=collate_batch)
valid_dataloader = DataLoader(split_valid_, batch_size=8, shuffle=False, collate_fn=collate_batch)


def train(dataloader):
    model.train()
    total_acc, total_count, log_interval = 0, 0, 2
    for idx, (label, text, offsets) in enumerate(dataloader):
        optimizer.zero_grad()
        predicted_label = model(text, offsets)
        loss = criterion(predicted_label, label)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)
        optimizer.step()
        total_acc += (predicted_label.argmax(1) == label).sum().item()
        total_count += label.size(0)
        if idx % log_interval == 0 and idx > 0:
            print("| epoch {:3d} | {:5d}/{:5d} batches | accuracy {:8.3f} | loss {:.4f}".format(epoch, idx, len(dataloader), total_acc / total_count, loss))
            total_acc, total_count = 0, 0


def evaluate(dataloader):
    model.eval()
    total_acc, total_count = 0, 0
    with torch.no_grad():
        for label, text, offsets in dataloader:
            total_acc += (model(text, offsets).argmax(1) == label).sum().item()
            total_count += label.size(0)
    return total_acc / total_count


total_accu = None
for epoch in range(1, 5):
    start = time.time()
    train(train_dataloader)
    accu_val = evaluate(valid_dataloader)
    if total_accu is not None and total_accu > accu_val:
        scheduler.step()
    else:
        total_accu = accu_val
    print("-" * 59, "\n| end of epoch {:3d} | valid accuracy {:8.3f} | lr {}".format(epoch, accu_val, scheduler.get_last_lr()))
with torch.no_grad():
    text = torch.tensor(text_pipeline("the keeper of the team"))
    print("This is class %d" % (model(text, torch.tensor([0])).argmax(1).item() + 1))
