# Forward and backward hooks: activations by name, Grad-CAM, saliency, and the spread of gradients.
from collections import defaultdict

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding=1)
        self.conv2 = nn.Conv2d(4, 8, 3, padding=1)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.relu(self.conv2(x))
        return self.fc(x.mean(dim=(2, 3)))


images = torch.rand(32, 1, 12, 12) * 0.3
labels = torch.arange(32) % 2
images[labels == 0, :, :5, :5] += 0.7
images[labels == 1, :, 7:, 7:] += 0.7
model = Net()
activation = {}


def get_activation(name):
    def hook(model, input, output):
        activation[name] = output.detach()

    return hook


handles = [module.register_forward_hook(get_activation(name)) for name, module in model.named_children()]
stats = defaultdict(list)
for name, p in model.named_parameters():
    p.register_hook(lambda grad, name=name: stats[name].append(grad.norm().item()))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for step in range(25):
    loss = F.cross_entropy(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 8 == 0:
        print(step, f"{loss.item():.4f}", {k: f"{v.abs().mean():.4f}" for k, v in activation.items()})
for handle in handles:
    handle.remove()
print({k: (len(v), f"{v[0]:.4f}") for k, v in stats.items()})


class GradCAM:
    def __init__(self, model, target_layer):
        self.model, self.gradients, self.activations = model, None, None
        target_layer.register_forward_hook(self.save_activation)
        target_layer.register_full_backward_hook(self.save_gradient)

    def save_activation(self, module, input, output):
        self.activations = output

    def save_gradient(self, module, grad_input, grad_output):
        self.gradients = grad_output[0]

    def __call__(self, x, class_idx=None):
        self.model.zero_grad()
        output = self.model(x)
        if class_idx is None:
            class_idx = output.argmax(dim=1).item()
        output[0, class_idx].backward()
        weights = self.gradients.mean(dim=(2, 3), keepdim=True)
        cam = F.relu((weights * self.activations).sum(dim=1, keepdim=True))
        cam = F.interpolate(cam, size=x.shape[2:], mode="bilinear", align_corners=False)
        cam = (cam - cam.min()) / (cam.max() - cam.min() + 1e-8)
        return cam.squeeze().detach(), class_idx


model.eval()
cam = GradCAM(model, model.conv2)
for i in range(2):
    heat, index = cam(images[i : i + 1])
    print("class", index, "brightest quarter", [[round(q.mean().item(), 3) for q in half.chunk(2, 1)] for half in heat.chunk(2, 0)])
x = images[:1].clone().requires_grad_()
model(x)[0, 0].backward()
saliency, _ = torch.max(x.grad.data.abs(), dim=1)
print(saliency.shape, f"{saliency.sum():.4f}")
epsilon = 0.3
for sign in (0, 1):
    data = images.clone().requires_grad_(True)
    loss = F.nll_loss(F.log_softmax(model(data), dim=1), labels)
    (grad,) = torch.autograd.grad(loss, data)
    perturbed = torch.clamp(data + sign * epsilon * grad.sign(), 0, 1)
    print(f"Epsilon: {sign * epsilon}\tTest Accuracy = {(model(perturbed).argmax(1) == labels).sum().item()} / 32")
