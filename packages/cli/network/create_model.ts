/** Networks by name. */
import { Cnn, LeNet, Mlp, models, type Module, noGrad, tidySync, zeros } from "@troodon/troodon";
import type { DatasetName } from "../images/image_data.ts";
import { type ImageShape, type ImageSize, MNIST_SHAPE, USUAL_SIZE } from "../images/image_shape.ts";

/** Options of a network. */
export interface NetworkOptions {
  /** Number of classes; 10 by default. */
  readonly classes?: number;
  /** Shape of its images; that of MNIST by default. */
  readonly shape?: ImageShape;
}

type Maker = (
  options: { readonly classes: number; readonly channels: number; readonly size: ImageSize },
) => Module;

/** Names of the small networks; `cnn-bn` is `cnn` with batch norms. */
export type SmallName = "mlp" | "lenet" | "cnn" | "cnn-bn";

/** Small networks for images of the size of MNIST's. */
const SMALL: Readonly<Record<SmallName, Maker>> = {
  mlp: (options) => new Mlp(options),
  lenet: (options) => new LeNet(options),
  cnn: (options) => new Cnn(options),
  "cnn-bn": (options) => new Cnn({ ...options, batchNorm: true }),
};

/** Names of the small networks. */
export const SMALL_NAMES: readonly SmallName[] = Object.keys(SMALL) as SmallName[];

const isSmall = (name: string): name is SmallName => Object.hasOwn(SMALL, name);

/** Returns the names of all networks: the small ones, and those of torchvision. */
export function modelNames(): readonly string[] {
  return [...SMALL_NAMES, ...models.listModels()];
}

/** Returns the rows and columns of the images that a network takes unless another size is asked for. */
export function defaultSize(name: string, dataset: DatasetName | undefined): ImageSize {
  const isUsual = dataset === "image-folder" && !isSmall(name);
  return isUsual ? [USUAL_SIZE, USUAL_SIZE] : MNIST_SHAPE.size;
}

/** Returns the options of torchvision's networks. */
function optionsOf(name: string, { classes = 10, shape: { channels, size } = MNIST_SHAPE }: NetworkOptions) {
  const options = { numClasses: classes, inChannels: channels };
  if (!name.startsWith("vit_")) return options;
  const [rows, columns] = size;
  if (rows !== columns) {
    throw new RangeError(
      `Cannot make ${name} as it takes square images: current size is ${rows} x ${columns}`,
    );
  }
  return { ...options, imageSize: rows };
}

/**
 * Creates a network with weights drawn from the generator of the default device.
 *
 * @throws {RangeError} If there is no network of this name, or it cannot take images of that size.
 */
export function createModel(name: string, options: NetworkOptions = {}): Module {
  const { classes = 10, shape: { channels, size } = MNIST_SHAPE } = options;
  if (isSmall(name)) return SMALL[name]({ classes, channels, size });
  const model = models.getModel(name, optionsOf(name, options));
  checkTakes(name, model, channels, size);
  return model;
}

/**
 * Creates a network with the weights of a file. A head for another number of classes is left new.
 *
 * @throws {RangeError} If the file does not match the network; the message states names and shapes.
 */
export async function createPretrained(
  name: string,
  weights: string,
  options: NetworkOptions,
  onOtherHead: (head: models.OtherHead) => void,
): Promise<Module> {
  if (isSmall(name)) {
    return await models.loadWeights(createModel(name, options), { weights, onOtherHead });
  }
  const { shape: { channels, size } = MNIST_SHAPE } = options;
  const model = await models.getModel(name, { ...optionsOf(name, options), weights, onOtherHead });
  checkTakes(name, model, channels, size);
  return model;
}

/** Checks by a forward pass that a network takes images of a size: they may vanish on their way. */
function checkTakes(name: string, model: Module, channels: number, size: ImageSize): void {
  model.eval();
  try {
    noGrad(() => tidySync(() => void model(zeros([1, channels, ...size]))));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(
      `Cannot make ${name} for images of ${
        size.join(" x ")
      } as they are too small for it, or of another size: ` +
        error.message,
    );
  } finally {
    model.train();
  }
}
