# Train a body on one task, freeze it, replace the head, keep the best weights by copy.deepcopy.
import copy
import os
import time
from tempfile import TemporaryDirectory

import torch
import torch.nn as nn
import torch.optim as optim
from torch.optim import lr_scheduler

torch.manual_seed(3)
base = torch.randn(4, 12)


def make(count, merge):
    labels = torch.randint(0, 4, (count,))
    return torch.utils.data.TensorDataset(base[labels] + 0.8 * torch.randn(count, 12), labels // 2 if merge else labels)


image_datasets = {x: make(160 if x == "train" else 80, True) for x in ["train", "val"]}
dataloaders = {x: torch.utils.data.DataLoader(image_datasets[x], batch_size=16, shuffle=True) for x in ["train", "val"]}
dataset_sizes = {x: len(image_datasets[x]) for x in ["train", "val"]}


class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(12, 24, bias=False), nn.BatchNorm1d(24), nn.ReLU())
        self.fc = nn.Linear(24, 4)

    def forward(self, x):
        return self.fc(self.features(x))


model = Body()
first = torch.utils.data.DataLoader(make(160, False), batch_size=32)
opt = optim.Adam(model.parameters(), lr=0.01)
for x, y in first:
    opt.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    opt.step()
print(f"pretrained, last loss {loss.item():.4f}")


def train_model(model, criterion, optimizer, scheduler, num_epochs=4):
    since = time.time()
    with TemporaryDirectory() as tempdir:
        best_model_params_path = os.path.join(tempdir, "best_model_params.pt")
        torch.save(model.state_dict(), best_model_params_path)
        best_model_wts = copy.deepcopy(model.state_dict())
        best_acc = 0.0
        for epoch in range(num_epochs):
            print(f"Epoch {epoch}/{num_epochs - 1}")
            print("-" * 10)
            for phase in ["train", "val"]:
                model.train() if phase == "train" else model.eval()
                running_loss, running_corrects = 0.0, 0
                for inputs, labels in dataloaders[phase]:
                    optimizer.zero_grad()
                    with torch.set_grad_enabled(phase == "train"):
                        outputs = model(inputs)
                        _, preds = torch.max(outputs, 1)
                        loss = criterion(outputs, labels)
                        if phase == "train":
                            loss.backward()
                            optimizer.step()
                    running_loss += loss.item() * inputs.size(0)
                    running_corrects += torch.sum(preds == labels.data)
                if phase == "train":
                    scheduler.step()
                epoch_loss = running_loss / dataset_sizes[phase]
                epoch_acc = running_corrects.double() / dataset_sizes[phase]
                print(f"{phase} Loss: {epoch_loss:.4f} Acc: {epoch_acc:.4f}")
                if phase == "val" and epoch_acc > best_acc:
                    best_acc = epoch_acc
                    best_model_wts = copy.deepcopy(model.state_dict())
                    torch.save(model.state_dict(), best_model_params_path)
        assert time.time() > since
        print(f"Best val Acc: {best_acc:4f}")
        model.load_state_dict(best_model_wts)
        saved = torch.load(best_model_params_path, weights_only=True)
        print(all(torch.equal(saved[k], v) for k, v in model.state_dict().items()))
    return model


for param in model.parameters():
    param.requires_grad = False
num_ftrs = model.fc.in_features
model.fc = nn.Linear(num_ftrs, 2)
before = copy.deepcopy(model.features)
print([n for n, p in model.named_parameters() if p.requires_grad])
optimizer_conv = optim.SGD(filter(lambda p: p.requires_grad, model.parameters()), lr=0.05, momentum=0.9)
exp_lr_scheduler = lr_scheduler.StepLR(optimizer_conv, step_size=2, gamma=0.1)
model = train_model(model, nn.CrossEntropyLoss(), optimizer_conv, exp_lr_scheduler)
print(torch.equal(before[0].weight, model.features[0].weight), torch.equal(before[1].running_mean, model.features[1].running_mean))
for param in model.parameters():
    param.requires_grad_(True)
optimizer_ft = optim.SGD([{"params": model.features.parameters(), "lr": 1e-3}, {"params": model.fc.parameters()}], lr=1e-2, momentum=0.9)
model = train_model(model, nn.CrossEntropyLoss(), optimizer_ft, lr_scheduler.ExponentialLR(optimizer_ft, 0.9), num_epochs=2)
print(optimizer_ft)
