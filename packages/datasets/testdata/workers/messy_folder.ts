import { loadGreyImage } from "../../codec/load_image.ts";
import type { NdArray } from "../../nd_array.ts";
import { ImageFolder, type ImageFolderOptions } from "../../sets/image_folder.ts";
import { ToTensor } from "../../transforms/to_tensor.ts";

/** What a worker can be sent of the options. */
export interface MessyFolder extends Pick<ImageFolderOptions, "onError" | "allowEmpty" | "maxPixels"> {
  /** The folder. */
  readonly root: string;
}

/** Grey images of a folder with more than images in it. */
export default function open({ root, ...options }: MessyFolder): Promise<ImageFolder<NdArray<Float32Array>>> {
  return ImageFolder.open(root, { ...options, loader: loadGreyImage, transform: new ToTensor() });
}
