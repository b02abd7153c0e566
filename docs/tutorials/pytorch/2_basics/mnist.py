"""Three fully connected networks on MNIST: python mnist.py --data DIR [--net Batch_Net] [--epochs 20]"""

import argparse

import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

import net

parser = argparse.ArgumentParser()
parser.add_argument("--data", default="./data")
parser.add_argument("--net", default="Batch_Net")
parser.add_argument("--epochs", type=int, default=20)
parser.add_argument("--seed", type=int, default=0)
args = parser.parse_args()
torch.manual_seed(args.seed)

# Hyperparameters
batch_size = 64
learning_rate = 1e-2
num_epochs = args.epochs

data_tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize([0.5], [0.5])])
train_dataset = datasets.MNIST(root=args.data, train=True, transform=data_tf, download=True)
test_dataset = datasets.MNIST(root=args.data, train=False, transform=data_tf)
train_loader = DataLoader(train_dataset, batch_size=batch_size, shuffle=True)
test_loader = DataLoader(test_dataset, batch_size=batch_size, shuffle=False)

Net = getattr(net, args.net)
model = Net(28 * 28, 300, 100, 10)
print(model)
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=learning_rate)

for epoch in range(num_epochs):
    model.train()
    train_loss = 0.0
    train_acc = 0.0
    for img, label in train_loader:
        img = img.view(img.size(0), -1)
        out = model(img)
        loss = criterion(out, label)
        train_loss += loss.item() * label.size(0)
        _, pred = torch.max(out, 1)
        train_acc += (pred == label).sum().item()

        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("epoch: {}, Loss: {:.6f}, Acc: {:.6f}".format(
        epoch + 1, train_loss / len(train_dataset), train_acc / len(train_dataset)
    ), flush=True)

model.eval()
eval_loss = 0.0
eval_acc = 0.0
with torch.no_grad():
    for img, label in test_loader:
        img = img.view(img.size(0), -1)
        out = model(img)
        loss = criterion(out, label)
        eval_loss += loss.item() * label.size(0)
        _, pred = torch.max(out, 1)
        eval_acc += (pred == label).sum().item()
print("Test Loss: {:.6f}, Acc: {:.6f}".format(eval_loss / len(test_dataset), eval_acc / len(test_dataset)))
