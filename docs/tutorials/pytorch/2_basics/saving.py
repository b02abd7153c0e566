"""Saving and loading the whole model, its state dict, and a checkpoint: python saving.py"""

import torch
from torch import nn, optim


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 3)
        self.fc2 = nn.Linear(3, 1)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


torch.manual_seed(0)
net = Net()
x = torch.tensor([[1.0, 2.0]])

# The whole model: its structure and its parameters
torch.save(net, "model.pth")
load_net = torch.load("model.pth", weights_only=False)
print(load_net)
print("the whole model gives the same:", torch.equal(load_net(x), net(x)))

# The state dict: the parameters alone
torch.save(net.state_dict(), "model_state.pth")
state = torch.load("model_state.pth")
for name, value in state.items():
    print(name, value.shape)
new_net = Net()
print("before loading the same:", torch.equal(new_net(x), net(x)))
new_net.load_state_dict(state)
print("after loading the same:", torch.equal(new_net(x), net(x)))

# A checkpoint: what is needed to go on with training
optimizer = optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
net(x).sum().backward()
optimizer.step()
states = {"epoch": 3, "net": net.state_dict(), "optimizer": optimizer.state_dict()}
torch.save(states, "checkpoint.pth")
checkpoint = torch.load("checkpoint.pth")
new_net.load_state_dict(checkpoint["net"])
new_optimizer = optim.SGD(new_net.parameters(), lr=0.5)
new_optimizer.load_state_dict(checkpoint["optimizer"])
print("epoch", checkpoint["epoch"], "lr", new_optimizer.param_groups[0]["lr"])
