"""MNIST from folders of images: a network of two layers, trained in a loop written out, and saved as
mnist.pth.

    python docs/tutorials/pytorch/3_mnist_folder.py --data data/mnist [--epochs 10]
"""
import argparse
import os

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST, ImageFolder
from torchvision.transforms import Compose, Grayscale, ToTensor

parser = argparse.ArgumentParser()
parser.add_argument("--data", default="data/mnist")
parser.add_argument("--epochs", type=int, default=10)
args = parser.parse_args()
root = args.data
torch.manual_seed(0)


# writes name/0/1.png and so on, unless they are there
def write_folder(name):
    if os.path.exists(f"{root}/{name}"):
        return
    digits = MNIST(root, train=name == "train", download=True)
    for i, (image, label) in enumerate(digits):
        folder = f"{root}/{name}.part/{label}"
        os.makedirs(folder, exist_ok=True)
        image.save(f"{folder}/{i}.png")
        if (i + 1) % 10000 == 0:
            print(f"{name}: {i + 1} of {len(digits)} images written")
    os.rename(f"{root}/{name}.part", f"{root}/{name}")


write_folder("train")
write_folder("test")

transform = Compose([Grayscale(), ToTensor()])
train_dataset = ImageFolder(f"{root}/train", transform=transform)
test_dataset = ImageFolder(f"{root}/test", transform=transform)
train_loader = DataLoader(train_dataset, batch_size=64, shuffle=True)

print(len(train_dataset))
print(len(test_dataset))
print(len(train_loader))

for i, (image, label) in enumerate(train_loader):
    if i == 3:
        break
    print(i, image.shape, label.shape)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.fc2 = nn.Linear(256, 10)

    def forward(self, x):
        x = x.view(-1, 784)
        x = F.relu(self.fc1(x))
        return self.fc2(x)


net = Net()
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(net.parameters(), lr=1e-3)

for epoch in range(args.epochs):
    for batch, (image, label) in enumerate(train_loader):
        output = net(image)
        loss = criterion(output, label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if batch % 100 == 0:
            print(f"epoch {epoch + 1}, batch {batch} of {len(train_loader)}, loss {loss.item():.4f}")

torch.save(net.state_dict(), f"{root}/mnist.pth")
