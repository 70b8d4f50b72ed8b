# A small U-Net that segments discs: DoubleConv, Down, Up with padding, and the Dice coefficient.
import logging
from pathlib import Path
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import optim
from torch.utils.data import DataLoader, Dataset, random_split
from tqdm import tqdm

logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s", stream=sys.stdout, force=True)
torch.manual_seed(0)


class DoubleConv(nn.Module):
    """(convolution => [BN] => ReLU) * 2"""

    def __init__(self, in_channels, out_channels, mid_channels=None):
        super().__init__()
        if not mid_channels:
            mid_channels = out_channels
        self.double_conv = nn.Sequential(
            nn.Conv2d(in_channels, mid_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(mid_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(mid_channels, out_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )

    def forward(self, x):
        return self.double_conv(x)


class Up(nn.Module):
    def __init__(self, in_channels, out_channels, bilinear=True):
        super().__init__()
        if bilinear:
            self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
            self.conv = DoubleConv(in_channels, out_channels, in_channels // 2)
        else:
            self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)
            self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        diffY, diffX = x2.size()[2] - x1.size()[2], x2.size()[3] - x1.size()[3]
        x1 = F.pad(x1, [diffX // 2, diffX - diffX // 2, diffY // 2, diffY - diffY // 2])
        return self.conv(torch.cat([x2, x1], dim=1))


class UNet(nn.Module):
    def __init__(self, n_channels, n_classes, bilinear=False):
        super().__init__()
        factor = 2 if bilinear else 1
        self.inc = DoubleConv(n_channels, 4)
        self.down1 = nn.Sequential(nn.MaxPool2d(2), DoubleConv(4, 8))
        self.down2 = nn.Sequential(nn.MaxPool2d(2), DoubleConv(8, 16 // factor))
        self.up1 = Up(16, 8 // factor, bilinear)
        self.up2 = Up(8, 4, bilinear)
        self.outc = nn.Conv2d(4, n_classes, kernel_size=1)

    def forward(self, x):
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        return self.outc(self.up2(self.up1(x3, x2), x1))


def dice_coeff(input, target, epsilon=1e-6):
    inter = 2 * (input * target).sum(dim=(-1, -2))
    sets_sum = input.sum(dim=(-1, -2)) + target.sum(dim=(-1, -2))
    sets_sum = torch.where(sets_sum == 0, inter, sets_sum)
    return ((inter + epsilon) / (sets_sum + epsilon)).mean()


class Discs(Dataset):
    def __init__(self, count):
        yy, xx = torch.meshgrid(torch.arange(14), torch.arange(14), indexing="ij")
        centre, radius = torch.randint(4, 10, (count, 2)), torch.randint(2, 4, (count,))
        self.masks = torch.stack([((yy - c[0]) ** 2 + (xx - c[1]) ** 2 <= r**2) for c, r in zip(centre, radius)]).long()
        self.images = self.masks.float().unsqueeze(1) + 0.3 * torch.randn(count, 1, 14, 14)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        return {"image": self.images[i].contiguous(), "mask": self.masks[i].contiguous()}


dataset = Discs(40)
train_set, val_set = random_split(dataset, [32, 8], generator=torch.Generator().manual_seed(0))
loader_args = dict(batch_size=8, num_workers=0, pin_memory=False)
train_loader = DataLoader(train_set, shuffle=True, **loader_args)
val_loader = DataLoader(val_set, shuffle=False, drop_last=True, **loader_args)
for bilinear in (True, False):
    model = UNet(1, 2, bilinear)
    logging.info(f"Network: {sum(p.numel() for p in model.parameters())} parameters, {'bilinear' if bilinear else 'transposed'} upscaling, {Path('runs/unet.pth').stem}")
    optimizer = optim.RMSprop(model.parameters(), lr=2e-3, weight_decay=1e-8, momentum=0.5)
    scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, "max", patience=1)
    for epoch in range(1, 4):
        model.train()
        with tqdm(total=len(train_set), desc=f"Epoch {epoch}/3", unit="img", disable=True) as pbar:
            for batch in train_loader:
                masks_pred = model(batch["image"])
                loss = F.cross_entropy(masks_pred, batch["mask"])
                loss += 1 - dice_coeff(F.softmax(masks_pred, dim=1)[:, 1], (batch["mask"] == 1).float())
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                pbar.update(batch["image"].shape[0])
                pbar.set_postfix(**{"loss (batch)": loss.item()})
        model.eval()
        with torch.no_grad():
            score = sum(dice_coeff(model(b["image"]).softmax(1)[:, 1], b["mask"].float()) for b in val_loader) / len(val_loader)
        scheduler.step(score)
        logging.info("Epoch {}: loss {:.3f}, validation Dice {:.3f}".format(epoch, loss.item(), score))
