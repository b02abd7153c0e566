/** Shapes of the inputs of a model, as the command line says them. */
import { type Device, type DType, type Module, type Tensor, zeros } from "@troodon/troodon";

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

/** A sample for a model that says the channels and the size of its images in its description; null for others. */
export function describedInput(model: Pick<Module, "describe">, device: Device): Tensor | null {
  const [options] = model.describe();
  if (typeof options !== "object" || options === null) return null;
  const { channels, size } = options as Readonly<Record<string, unknown>>;
  const sizes = Array.isArray(size) ? size : [size, size];
  const shape = [1, channels, ...sizes];
  return shape.every((n): n is number => typeof n === "number" && Number.isInteger(n) && n > 0)
    ? zeros(shape, { device })
    : null;
}
