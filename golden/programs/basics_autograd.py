# Autograd in small: graphs, grad_fn, vector-Jacobian products, detaching.
import torch

torch.manual_seed(1)
x = torch.ones(5)
y = torch.zeros(3)
w = torch.randn(5, 3, requires_grad=True)
b = torch.randn(3, requires_grad=True)
z = torch.matmul(x, w) + b
loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
print(f"Gradient function for z = {z.grad_fn}".split(" object")[0])
print(f"Gradient function for loss = {loss.grad_fn}".split(" object")[0])
loss.backward()
print(w.grad)
print(b.grad)

print((torch.matmul(x, w) + b).requires_grad)
with torch.no_grad():
    z = torch.matmul(x, w) + b
print(z.requires_grad, (torch.matmul(x, w) + b).detach().requires_grad)

inp = torch.eye(4, 5, requires_grad=True)
out = (inp + 1).pow(2).t()
out.backward(torch.ones_like(out), retain_graph=True)
print(f"First call\n{inp.grad}")
out.backward(torch.ones_like(out), retain_graph=True)
print(f"\nSecond call\n{inp.grad}")
inp.grad.zero_()
out.backward(torch.ones_like(out), retain_graph=True)
print(f"\nCall after zeroing gradients\n{inp.grad}")

a = torch.tensor([2.0, 3.0], requires_grad=True)
c = torch.tensor([6.0, 4.0], requires_grad=True)
Q = 3 * a**3 - c**2
Q.backward(gradient=torch.tensor([1.0, 1.0]))
print(9 * a**2 == a.grad)
print(-2 * c == c.grad)

try:
    Q.sum().backward()
    Q.sum().backward()
except RuntimeError as error:
    print("RuntimeError:", str(error)[:60])

v = torch.randn(3, requires_grad=True)
doubled = v * 2
i = 0
while doubled.data.norm() < 100:
    doubled = doubled * 2
    i += 1
doubled.backward(torch.tensor([0.1, 1.0, 0.0001]))
print(i, v.grad)

(g,) = torch.autograd.grad((v**3).sum(), v, create_graph=True)
(h,) = torch.autograd.grad(g.sum(), v)
print(g, h, sep="\n")
print(torch.autograd.functional.jacobian(lambda t: t.exp() * t.sum(), torch.tensor([0.0, 1.0])))
