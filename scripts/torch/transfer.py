"""Trains in PyTorch the head that transfer.ts trained, from the same body, images, order and first weights.

    python scripts/torch/transfer.py FOLDER
"""

import os
import sys

import torch
import torchvision
from torch.nn import functional as F

MEAN, STD, BATCH = 0.1307, 0.3081, 4

folder = sys.argv[1]
model = torchvision.models.resnet18(num_classes=5)
model.load_state_dict(torch.load(os.path.join(folder, "body.pth"), weights_only=True))
head = torch.load(os.path.join(folder, "head.pth"), weights_only=True)
with torch.no_grad():
    model.fc.weight.copy_(head["weight"])
    model.fc.bias.copy_(head["bias"])


def normalized(images):
    return images.float().div(255).sub(MEAN).div(STD).expand(-1, 3, -1, -1)


def accuracy():
    right = 0
    with torch.no_grad():
        for images, labels in zip(head["testImages"].split(250), head["testLabels"].split(250)):
            right += (model(normalized(images)).argmax(1) == labels).sum().item()
    return 100 * right / len(head["testLabels"])


model.requires_grad_(False)
model.fc.requires_grad_(True)
# The statistics of the body's batch norms are part of what is frozen.
model.eval()
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.001, momentum=0.9)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 7, 0.1)
for order in head["order"]:
    for chosen in order.split(BATCH):
        optimizer.zero_grad()
        F.cross_entropy(model(normalized(head["images"][chosen])), head["labels"][chosen].long()).backward()
        optimizer.step()
    scheduler.step()
print(f"head in PyTorch {torch.__version__.split('+')[0]}: {accuracy():.2f} % of {len(head['testLabels'])} digits 5 to 9")
