"""Linear regression on fifteen points: python linear_regression.py"""

import torch
from torch import nn

x_train = torch.tensor([0.5, 1.1, 1.8, 2.4, 3.1, 3.7, 4.2, 4.9, 5.6, 6.1, 6.8, 7.5, 8.0, 8.9, 9.4])
x_train = x_train.unsqueeze(1)
y_train = torch.tensor([1.3, 1.2, 2.2, 1.9, 2.5, 3.1, 2.8, 3.6, 3.3, 4.4, 4.1, 4.6, 5.4, 5.2, 6.1])
y_train = y_train.unsqueeze(1)


class LinearRegression(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(1, 1)
        # Starts at zero, so that every run is the same.
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def forward(self, x):
        out = self.linear(x)
        return out


model = LinearRegression()
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)

num_epochs = 1000
for epoch in range(num_epochs):
    # forward
    out = model(x_train)
    loss = criterion(out, y_train)
    # backward
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    if (epoch + 1) % 100 == 0:
        print("Epoch[{}/{}], loss: {:.6f}".format(epoch + 1, num_epochs, loss.item()))

model.eval()
predict = model(x_train).detach()
print("y = {:.4f} x + {:.4f}".format(model.linear.weight.item(), model.linear.bias.item()))
print("predicted for 0.5 and 9.4:", predict[0], predict[14])
