import { ImageFolder } from "../../sets/image_folder.ts";
import { Compose } from "../../transforms/compose.ts";
import { RandAugment } from "../../transforms/rand_augment.ts";
import { RandomCrop } from "../../transforms/crops.ts";
import { ToTensor } from "../../transforms/to_tensor.ts";
import type { NdArray } from "../../nd_array.ts";

/** Augmented images of a folder. */
export default function open(root: string): Promise<ImageFolder<NdArray<Float32Array>>> {
  const transform = new Compose([new RandomCrop(8, { padding: 2 }), new RandAugment(), new ToTensor()]);
  return ImageFolder.open(root, { transform });
}
