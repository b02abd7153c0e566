"""Logistic regression on two exam scores: python logistic_regression.py [--data exam_scores.txt] [--plot]"""

import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--data", default="exam_scores.txt")
parser.add_argument("--plot", action="store_true")
args = parser.parse_args()

# 100 people: two exam scores, and whether they were admitted
with open(args.data) as f:
    data_list = [line.strip().split(",") for line in f]
data = [(float(x1), float(x2), float(label)) for x1, x2, label in data_list]

# Scores as a share of the largest
x1_max = max(x1 for x1, x2, label in data)
x2_max = max(x2 for x1, x2, label in data)
x_data = torch.tensor([[x1 / x1_max, x2 / x2_max] for x1, x2, label in data])
y_data = torch.tensor([[label] for x1, x2, label in data])


class LogisticRegression(nn.Module):
    def __init__(self):
        super().__init__()
        self.lr = nn.Linear(2, 1)
        self.sm = nn.Sigmoid()
        # Starts at zero, so that every run is the same.
        nn.init.zeros_(self.lr.weight)
        nn.init.zeros_(self.lr.bias)

    def forward(self, x):
        x = self.lr(x)
        x = self.sm(x)
        return x


logistic_model = LogisticRegression()
criterion = nn.BCELoss()
optimizer = torch.optim.SGD(logistic_model.parameters(), lr=1e-3, momentum=0.9)

for epoch in range(50000):
    out = logistic_model(x_data)
    loss = criterion(out, y_data)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if (epoch + 1) % 1000 == 0:
        mask = out.ge(0.5).float()
        correct = (mask == y_data).sum()
        acc = correct.item() / x_data.size(0)
        print("*" * 10)
        print("epoch {}".format(epoch + 1))
        print("loss is {:.4f}".format(loss.item()))
        print("acc is {:.4f}".format(acc))

# The line where the model says one half: w0 x1 + w1 x2 + b = 0
w0, w1 = logistic_model.lr.weight[0].tolist()
b = logistic_model.lr.bias.item()
print("{:.4f} x1 + {:.4f} x2 + {:.4f} = 0".format(w0, w1, b))

if args.plot:
    import matplotlib.pyplot as plt

    for value, color in [(0, "tab:blue"), (1, "tab:orange")]:
        points = [(x1, x2) for x1, x2, label in data if label == value]
        plt.scatter(*zip(*points), color=color)
    plot_x = [30.0, 100.0]
    plot_y = [(-w0 * x / x1_max - b) / w1 * x2_max for x in plot_x]
    plt.plot(plot_x, plot_y, color="tab:green")
    plt.savefig("logistic_regression.png")
