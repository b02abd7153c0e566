"""data, grad, grad_fn and requires_grad: python autograd.py"""

import torch

# A tensor that gradients are wanted for
x = torch.tensor([1.0], requires_grad=True)
w = torch.tensor([2.0], requires_grad=True)
b = torch.tensor([3.0], requires_grad=True)

# Build a graph
y = w * x + b
print("y", y)
print("y.data", y.data)
print("y.grad_fn", y.grad_fn)
print("x.grad_fn", x.grad_fn, "x.grad", x.grad)

# Compute gradients
y.backward()
print("x.grad", x.grad)
print("w.grad", w.grad)
print("b.grad", b.grad)

# A vector's gradient is the product of its Jacobian and a vector.
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * 2
print("y", y)
y.backward(torch.tensor([1.0, 0.1, 0.01]))
print("x.grad", x.grad)

# Doubled until it is long
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * 2
while y.data.norm() < 1000:
    y = y * 2
print("y", y)
y.backward(torch.tensor([0.1, 1.0, 0.0001]))
print("x.grad", x.grad)

# requires_grad spreads to what is calculated, but not under no_grad(), nor through detach() and data.
print((x ** 2).requires_grad)
with torch.no_grad():
    print((x ** 2).requires_grad)
print(x.detach().requires_grad, x.data.requires_grad)

# Gradients add up until they are set to zero.
x = torch.tensor([2.0], requires_grad=True)
(x ** 2).backward()
(x ** 2).backward()
print("twice", x.grad)
x.grad.zero_()
(x ** 2).backward()
print("once", x.grad)

# d/dx x^3 = 3 x^2, and d2/dx2 x^3 = 6 x.
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(first,) = torch.autograd.grad(x.pow(3).sum(), x, create_graph=True)
(second,) = torch.autograd.grad(first.sum(), x)
print("first", first.detach(), "second", second)
