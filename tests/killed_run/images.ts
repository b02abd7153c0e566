/** The images of `program.ts`: in its threads as in the program itself. */
import { Compose, ImageFolder, loadGrayImage, type NdArray, RandomCrop, ToTensor } from "@troodon/datasets";

/** Opens the folder, whose images are shifted at random. */
export default (root: string): Promise<ImageFolder<NdArray<Float32Array>>> =>
  ImageFolder.open(root, {
    loader: loadGrayImage,
    transform: new Compose([new RandomCrop(28, { padding: 2 }), new ToTensor()]),
  });
