"""MNIST by hand: a convolutional network, its gradients and its optimizer written out on tensors, without
torch.nn and without autograd. The gradients are checked by differences before the network learns.

    python docs/tutorials/pytorch/4_mnist_by_hand/4_mnist_by_hand.py --data data/mnist
        [--activation relu|sigmoid] [--epochs 10]
"""
import argparse
import time

import torch
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

from adam import Adam
from check_gradients import check_layer, check_loss
from layers import Conv, CrossEntropyLoss, Flatten, Linear, MaxPool, ReLU, Sequential, Sigmoid

parser = argparse.ArgumentParser()
parser.add_argument("--data", default="data")
parser.add_argument("--activation")
parser.add_argument("--epochs", type=int, default=10)
args = parser.parse_args()
torch.manual_seed(0)


def make_net(activation):
    Activation = ReLU if activation == "relu" else Sigmoid
    return Sequential(
        Conv(1, 16, 5),
        MaxPool(),
        Activation(),
        Conv(16, 32, 5),
        MaxPool(),
        Activation(),
        Flatten(),
        Linear(32 * 4 * 4, 128),
        Activation(),
        Linear(128, 10),
    )


# Chapter 1: are the gradients right?
check_layer("Conv", Conv(2, 3, 5), [2, 2, 8, 8])
check_layer("MaxPool", MaxPool(), [2, 3, 6, 6])
check_layer("Sigmoid", Sigmoid(), [4, 10])
check_layer("ReLU", ReLU(), [4, 10])
check_layer("Flatten", Flatten(), [2, 3, 4, 4])
check_layer("Linear", Linear(20, 10), [4, 20])
check_loss("CrossEntropyLoss", CrossEntropyLoss())
check_layer("the network with sigmoid", make_net("sigmoid"), [2, 1, 28, 28])
check_layer("the network with ReLU", make_net("relu"), [2, 1, 28, 28])

# Chapter 2: the digits.
train = MNIST(args.data, train=True, download=True, transform=ToTensor())
test = MNIST(args.data, train=False, download=True, transform=ToTensor())


# Chapter 3: learning.
def learn(activation):
    torch.manual_seed(0)
    net = make_net(activation)
    criterion = CrossEntropyLoss()
    optimizer = Adam(net.parameters, 1e-3 if activation == "relu" else 3e-3)
    train_loader = DataLoader(train, batch_size=64, shuffle=True)
    test_loader = DataLoader(test, batch_size=1000)

    for epoch in range(1, args.epochs + 1):
        start = time.time()
        total_loss = 0
        for image, label in train_loader:
            output = net.forward(image)
            loss = criterion.forward(output, label)
            net.backward(criterion.backward())
            optimizer.update(net.grads)
            total_loss += loss.item()
        optimizer.lr *= 0.7

        correct = 0
        for image, label in test_loader:
            prediction = net.forward(image).argmax(1)
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
