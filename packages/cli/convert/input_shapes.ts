/** Shapes of the inputs of a model, as the command line says them. */
import { type Device, type DType, models, type Module, type Tensor, zeros } from "@troodon/troodon";

const DTYPES: readonly string[] = ["float32", "float64", "float16", "int64", "int32"] satisfies DType[];

/**
 * One sample for each input that `text` describes: `1x28x28`, or `int64:16,1x28x28` for several.
 *
 * @throws {TypeError} If a part is no shape.
 */
export function readInputShapes(text: string, device: Device): Tensor[] {
  return text.split(",").map((part) => {
    const [, dtype = "float32", sizes = ""] = part.trim().match(/^(?:(\w+):)?(\d+(?:x\d+)*)$/) ?? [];
    const shape = sizes.split("x").map(Number);
    if (!DTYPES.includes(dtype) || !shape.every((n) => n > 0)) {
      throw new TypeError(
        `Cannot take --input ${text} as it must be sizes of one sample, such as 1x28x28 or int64:16, with commas between ` +
          `inputs; dtypes are ${DTYPES.join(", ")}`,
      );
    }
    return zeros([1, ...shape], { device, dtype: dtype as DType });
  });
}

/** Networks for images of one shape, which their options say; 1 x 28 x 28 by default. */
const NETWORKS = [models.Mlp, models.LeNet, models.Cnn] as const;

/** A sample for a network that says the channels and the size of its images in its description; null for others. */
export function describedInput(model: Module, device: Device): Tensor | null {
  if (!NETWORKS.some((network) => model instanceof network)) return null;
  const [{ channels = 1, size = 28 }] = model.describe() as readonly [models.ModelOptions];
  return zeros([1, channels, ...typeof size === "number" ? [size, size] : size], { device });
}
