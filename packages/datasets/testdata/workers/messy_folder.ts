import { loadGrayImage } from "../../codec/load_image.ts";
import type { NdArray } from "../../nd_array.ts";
import { ImageFolder, type ImageFolderOptions } from "../../sets/image_folder.ts";
import { ToTensor } from "../../transforms/to_tensor.ts";

/** Options that can be sent to a worker. */
export interface MessyFolder extends Pick<ImageFolderOptions, "onError" | "allowEmpty" | "maxPixels"> {
  /** Path of the folder. */
  readonly root: string;
}

/** Gray images of a folder that also contains other files. */
export default function open({ root, ...options }: MessyFolder): Promise<ImageFolder<NdArray<Float32Array>>> {
  return ImageFolder.open(root, { ...options, loader: loadGrayImage, transform: new ToTensor() });
}
