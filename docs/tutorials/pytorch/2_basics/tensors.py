"""Tensors from and to arrays: python tensors.py"""

import numpy as np
import torch

# From nested lists
a = torch.tensor([[2.0, 3.0], [4.0, 8.0], [7.0, 9.0]])
print("a is", a)
print("a size is", a.size())

b = torch.tensor([[2, 3], [4, 8], [7, 9]], dtype=torch.int64)
print("b is", b)

# Zeros and random numbers
c = torch.zeros((3, 2))
print("zero tensor", c)
d = torch.randn((3, 2))
print("normal random has the size", d.size())

# An element is read and set by its indices.
a[0, 1] = 100
print("changed a is", a)
print("a[0, 1] is", a[0, 1].item())

# To arrays and from arrays
numpy_b = b.numpy()
print("in numpy b is")
print(numpy_b)
e = np.array([[2.0, 3.0], [4.0, 5.0]])
torch_e = torch.from_numpy(e)
print("from numpy to torch.Tensor is", torch_e)
print("and as a flat array", torch_e.flatten().numpy())

# float is of 32 bits, double of 64.
f_torch_e = torch_e.float()
print("changed data type to float", f_torch_e)
print("a third as float", f_torch_e.div(6)[0, 0].item())
print("a third as double", torch_e.div(6)[0, 0].item())
print("and back to double", f_torch_e.div(6).double()[0, 0].item())

# Arithmetic
x = torch.tensor([1.0, 2.0, 3.0])
y = torch.tensor([10.0, 20.0, 30.0])
print(x + y, x * y, x.dot(y))
print(a.sum(), a.mean(dim=0), a.max(dim=1))
print(a.view(2, 3), a.t())
