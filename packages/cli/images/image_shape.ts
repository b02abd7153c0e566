/** Sizes and channels of the images that networks take, and how other images are fitted to them. */
import { CenterCrop, type Image, Resize, type Transform } from "@troodon/troodon";

/** Rows and columns of images. */
export type ImageSize = readonly [rows: number, columns: number];

/** Shape of the images that a network takes. */
export interface ImageShape {
  readonly size: ImageSize;
  /** 1 for gray, 3 for red, green and blue. */
  readonly channels: 1 | 3;
  /** If true, a margin surrounds the images, from which training takes random parts and tests the middle. */
  readonly augment: boolean;
}

/** Shape of the images of MNIST. */
export const MNIST_SHAPE: ImageShape = { size: [28, 28], channels: 1, augment: false };

/** Size of images in the folders that torchvision's networks were trained on, and their size with the margin. */
export const USUAL_SIZE = 224, USUAL_MARGIN = 256;

/** Returns the rows and columns of images with their margin, as in torchvision's recipe: 256 for 224. */
export function marginSize({ size, augment }: ImageShape): ImageSize {
  const [rows, columns] = size.map((n) => augment ? Math.round(n * USUAL_MARGIN / USUAL_SIZE) : n);
  return [rows!, columns!];
}

/** Scales an image, with its ratio kept, until it covers `size`, and cuts out the middle. */
export function covering(image: Image, size: ImageSize): Image {
  const [rows, columns] = size, { width, height } = image;
  if (width === columns && height === rows) return image;
  const scaled: ImageSize = height * columns <= width * rows
    ? [rows, Math.max(columns, Math.floor(rows * width / height))]
    : [Math.max(rows, Math.floor(columns * height / width)), columns];
  return new CenterCrop(size).apply(new Resize(scaled).apply(image));
}

/** Gives images the shape that a network takes. */
export class Fit implements Transform<Image, Image> {
  readonly #shape: ImageShape;
  readonly #size: ImageSize;

  /** Takes the shape; `margin` keeps the margin that surrounds what the network takes. */
  constructor(shape: ImageShape, { margin = false }: { readonly margin?: boolean } = {}) {
    this.#shape = shape;
    this.#size = margin ? marginSize(shape) : shape.size;
  }

  /** Returns the fitted image: `image` itself if it fits. */
  apply(image: Image): Image {
    const fitted = covering(image.convert(this.#shape.channels), marginSize(this.#shape));
    const [rows, columns] = this.#size;
    if (fitted.height === rows && fitted.width === columns) return fitted;
    return new CenterCrop(this.#size).apply(fitted);
  }
}
