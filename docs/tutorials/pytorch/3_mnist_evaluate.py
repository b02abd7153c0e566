"""Loads the network that 3_mnist_folder.py saved, tests it sample by sample, and prints each wrong case.

    python docs/tutorials/pytorch/3_mnist_evaluate.py --data data/mnist
"""
import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import Compose, Grayscale, ToTensor

parser = argparse.ArgumentParser()
parser.add_argument("--data", default="data/mnist")
args = parser.parse_args()
root = args.data

transform = Compose([Grayscale(), ToTensor()])
test_dataset = ImageFolder(f"{root}/test", transform=transform)
test_loader = DataLoader(test_dataset)


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
net.load_state_dict(torch.load(f"{root}/mnist.pth"))

right = 0
for i, (image, label) in enumerate(test_loader):
    output = net(image)
    predict = output.argmax(1).item()
    truth = label.item()
    if predict == truth:
        right += 1
    else:
        path, _ = test_dataset.samples[i]
        print(f"wrong case: predict = {predict}, truth = {truth}, path = {path}")

length = len(test_dataset)
print(f"test accuracy = {right} / {length} = {100 * right / length:.2f} %")
