"""The network of 4_mnist_by_hand with torch.nn, autograd and torch.optim, from the same first weights.

    python docs/tutorials/pytorch/4_mnist_by_nn.py --data data/mnist
        [--activation relu|sigmoid] [--epochs 10]
"""
import argparse
import time

import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

parser = argparse.ArgumentParser()
parser.add_argument("--data", default="data")
parser.add_argument("--activation")
parser.add_argument("--epochs", type=int, default=10)
args = parser.parse_args()


def make_net(activation):
    Activation = nn.ReLU if activation == "relu" else nn.Sigmoid
    net = nn.Sequential(
        nn.Conv2d(1, 16, 5),
        nn.MaxPool2d(2),
        Activation(),
        nn.Conv2d(16, 32, 5),
        nn.MaxPool2d(2),
        Activation(),
        nn.Flatten(),
        nn.Linear(32 * 4 * 4, 128),
        Activation(),
        nn.Linear(128, 10),
    )
    torch.manual_seed(0)
    for p in net.parameters():
        if p.ndim > 1:
            nn.init.kaiming_normal_(p)
        else:
            nn.init.zeros_(p)
    return net


train = MNIST(args.data, train=True, download=True, transform=ToTensor())
test = MNIST(args.data, train=False, download=True, transform=ToTensor())


def learn(activation):
    net = make_net(activation)
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.Adam(net.parameters(), lr=1e-3 if activation == "relu" else 3e-3)
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.7)
    train_loader = DataLoader(train, batch_size=64, shuffle=True)
    test_loader = DataLoader(test, batch_size=1000)

    for epoch in range(1, args.epochs + 1):
        start = time.time()
        total_loss = 0
        for image, label in train_loader:
            output = net(image)
            loss = criterion(output, label)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total_loss += loss.item()
        scheduler.step()

        correct = 0
        with torch.no_grad():
            for image, label in test_loader:
                prediction = net(image).argmax(1)
                correct += (prediction == label).sum().item()

        mean_loss = total_loss / len(train_loader)
        accuracy = 100 * correct / len(test)
        seconds = time.time() - start
        print(
            f"{activation}, epoch {epoch}: loss {mean_loss:.4f}, accuracy {accuracy:.2f} %, "
            f"{seconds:.0f} s"
        )


for activation in [args.activation] if args.activation else ["sigmoid", "relu"]:
    learn(activation)
