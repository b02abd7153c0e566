import {
  Compose,
  type HostArray,
  ImageFolder,
  Normalize,
  RandomHorizontalFlip,
  RandomResizedCrop,
  ToTensor,
} from "@troodon/datasets";

/** Photos of a folder with the augmentation of ImageNet training. */
export default function open(root: string): Promise<ImageFolder<HostArray<Float32Array>>> {
  const normalize = new Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
  const transform = new Compose([
    new RandomResizedCrop(224),
    new RandomHorizontalFlip(),
    new ToTensor(),
    normalize,
  ]);
  return ImageFolder.open(root, { transform });
}
