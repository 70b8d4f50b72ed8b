# A trainer with a config class, seeds, init by apply, accumulation, clipping, early stopping, checkpoints, logs.
import csv
import json
import logging
import os
import random
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm, trange


@dataclass
class Config:
    hidden: int = 24
    lr: float = 5e-3
    epochs: int = 30
    batch_size: int = 16
    accumulate: int = 2
    max_norm: float = 1.0
    patience: int = 2
    betas: tuple = (0.9, 0.95)
    tags: list = field(default_factory=lambda: ["tutorial"])


def set_seed(seed: int = 42) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    os.environ["PYTHONHASHSEED"] = str(seed)


class AverageMeter(object):
    """Computes and stores the average and current value"""

    def __init__(self, name, fmt=":f"):
        self.name, self.fmt = name, fmt
        self.reset()

    def reset(self):
        self.val = self.avg = self.sum = self.count = 0

    def update(self, val, n=1):
        self.val = val
        self.sum += val * n
        self.count += n
        self.avg = self.sum / self.count

    def __str__(self):
        fmtstr = "{name} {val" + self.fmt + "} ({avg" + self.fmt + "})"
        return fmtstr.format(**self.__dict__)


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.counter, self.best = patience, min_delta, 0, None

    def __call__(self, value):
        if self.best is None or value < self.best - self.min_delta:
            self.best, self.counter = value, 0
            return False
        self.counter += 1
        return self.counter >= self.patience


def init_weights(m):
    if isinstance(m, nn.Linear):
        torch.nn.init.xavier_uniform_(m.weight)
        m.bias.data.fill_(0.01)


cfg = Config()
set_seed()
out = Path(tempfile.mkdtemp()) / "run"
out.mkdir(parents=True, exist_ok=True)
(out / "config.json").write_text(json.dumps(asdict(cfg), indent=2, sort_keys=True))
logger = logging.getLogger("train")
logger.setLevel(logging.INFO)
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("[%(levelname)s] %(name)s - %(message)s"))
logger.handlers = [handler]
logger.propagate = False
logger.info("config %s", json.loads((out / "config.json").read_text()))

X = np.random.randn(160, 5).astype(np.float32)
Y = (np.sin(2 * X[:, :1]) + X[:, 1:2] ** 2 > 1).astype(np.float32)
train_loader = DataLoader(TensorDataset(torch.from_numpy(X[:128]), torch.from_numpy(Y[:128])), cfg.batch_size, shuffle=True)
x_val, y_val = torch.from_numpy(X[128:]), torch.from_numpy(Y[128:])
model = nn.Sequential(nn.Linear(5, cfg.hidden), nn.Tanh(), nn.Dropout(0.05), nn.Linear(cfg.hidden, 1))
model.apply(init_weights)
logger.info(f"{sum(p.numel() for p in model.parameters() if p.requires_grad):,} trainable parameters")
optimizer = torch.optim.AdamW(model.parameters(), lr=cfg.lr, betas=cfg.betas)
criterion = nn.BCEWithLogitsLoss()
writer = SummaryWriter(log_dir=str(out / "tb"))
stopper, start, rows = EarlyStopping(cfg.patience, 1e-3), time.perf_counter(), []
for epoch in trange(cfg.epochs, disable=True):
    model.train()
    losses, norms = AverageMeter("Loss", ":.4f"), []
    optimizer.zero_grad()
    for i, (x, y) in enumerate(tqdm(train_loader, desc=f"epoch {epoch}", leave=False, disable=True)):
        loss = criterion(model(x), y)
        (loss / cfg.accumulate).backward()
        if (i + 1) % cfg.accumulate == 0 or i + 1 == len(train_loader):
            norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), cfg.max_norm).item())
            optimizer.step()
            optimizer.zero_grad()
        losses.update(loss.item(), x.size(0))
    model.eval()
    with torch.no_grad():
        val_loss = criterion(model(x_val), y_val).item()
        acc = ((model(x_val) > 0) == y_val.bool()).float().mean().item()
    writer.add_scalar("Loss/train", losses.avg, epoch)
    writer.add_scalars("Loss", {"val": val_loss}, epoch)
    rows.append({"epoch": epoch, "train": round(losses.avg, 4), "val": round(val_loss, 4)})
    if epoch % 5 == 0:
        logger.info("epoch %02d %s val %.4f acc %.3f grad norm %.3f", epoch, losses, val_loss, acc, np.mean(norms))
    torch.save({"epoch": epoch, "model": model.state_dict(), "optimizer": optimizer.state_dict(), "config": asdict(cfg)}, out / "last.pt")
    if stopper(val_loss):
        logger.warning("stopped early at epoch %d, best %.4f", epoch, stopper.best)
        break
writer.close()
assert time.perf_counter() - start < 60
with open(out / "log.csv", "w", newline="") as f:
    table = csv.DictWriter(f, fieldnames=["epoch", "train", "val"])
    table.writeheader()
    table.writerows(rows)
print(len((out / "log.csv").read_text().splitlines()), sorted(p.name for p in out.iterdir() if p.is_file()))
checkpoint = torch.load(out / "last.pt", weights_only=True)
print(checkpoint["epoch"], checkpoint["config"]["betas"], len(checkpoint["optimizer"]["state"]))
