"""A Dataset, DataLoader's options, ImageFolder: python datasets.py"""

import os
import tempfile

import torch
from PIL import Image
from torch.utils.data import BatchSampler, DataLoader, Dataset, SequentialSampler, SubsetRandomSampler
from torch.utils.data import get_worker_info
from torchvision.datasets import ImageFolder
from torchvision.transforms import Compose, Grayscale, Resize, ToTensor


# A dataset says how long it is and gives its samples by index.
class Points(Dataset):
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, index):
        x = torch.tensor([index, index * index], dtype=torch.float32)
        return x, index


def show(name, loader):
    print(name, len(loader), "batches", [label.tolist() for _, label in loader])


def collate(samples):
    return torch.stack([x for x, _ in samples]) * 10, torch.tensor([label for _, label in samples])


def start_worker(worker_id):
    print("worker", worker_id, "of", get_worker_info().num_workers, flush=True)


if __name__ == "__main__":
    points = Points(10)
    print(len(points), points[3])

    for x, label in DataLoader(points, batch_size=4):
        print(x.shape, x.dtype, label)

    # batch_size, shuffle, sampler, batch_sampler, drop_last
    show("default", DataLoader(points))
    show("batch_size", DataLoader(points, batch_size=4))
    show("drop_last", DataLoader(points, batch_size=4, drop_last=True))
    shuffled = DataLoader(points, batch_size=10, shuffle=True)
    for x, label in shuffled:
        print("shuffle", sorted(x[:, 0].tolist()))
    show("sampler", DataLoader(points, batch_size=4, sampler=SequentialSampler(points)))
    even = SubsetRandomSampler([0, 2, 4, 6, 8])
    for x, label in DataLoader(points, batch_size=5, sampler=even):
        print("subset sampler", sorted(label.tolist()))
    batches = BatchSampler(SequentialSampler(points), batch_size=3, drop_last=True)
    show("batch_sampler", DataLoader(points, batch_sampler=batches))

    # collate_fn makes a batch of a list of samples.
    for x, label in DataLoader(points, batch_size=4, collate_fn=collate):
        print("collate_fn", x[:, 0].tolist(), label.tolist())

    # num_workers, worker_init_fn, timeout, pin_memory
    loader = DataLoader(
        points, batch_size=4, num_workers=2, worker_init_fn=start_worker, timeout=30, pin_memory=False
    )
    show("num_workers", loader)

    # Pictures in folders that are named after their classes
    root = tempfile.mkdtemp()
    for name, color in [("red", (255, 0, 0)), ("green", (0, 255, 0)), ("blue", (0, 0, 255))]:
        os.mkdir(f"{root}/{name}")
        for i in range(2):
            Image.new("RGB", (8 + 8 * i, 8), color).save(f"{root}/{name}/{i}.png")

    data_set = ImageFolder(root, transform=Compose([Resize((8, 8)), ToTensor()]))
    print(data_set.classes, data_set.class_to_idx, len(data_set))
    image, label = data_set[0]
    print(image.shape, label, image[:, 0, 0])
    for images, labels in DataLoader(data_set, batch_size=3):
        print(images.shape, labels)

    # A loader of one's own reads the files.
    gray = ImageFolder(root, transform=ToTensor(), loader=lambda path: Grayscale()(Image.open(path)))
    for i in range(len(gray)):
        image, label = gray[i]
        print(label, image.shape, "{:.4f}".format(image[0, 0, 0].item()))
