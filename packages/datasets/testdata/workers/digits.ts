import { ImageFolder } from "../../sets/image_folder.ts";
import { loadGrayImage } from "../../codec/load_image.ts";
import type { NdArray } from "../../nd_array.ts";
import { Compose } from "../../transforms/compose.ts";
import { Normalize } from "../../transforms/normalize.ts";
import { ToTensor } from "../../transforms/to_tensor.ts";

/** Gray images of a folder, as a network for digits wants them. */
export default function open(root: string): Promise<ImageFolder<NdArray<Float32Array>>> {
  const transform = new Compose([new ToTensor(), new Normalize([0.1307], [0.3081])]);
  return ImageFolder.open(root, { loader: (path) => loadGrayImage(path), transform });
}
