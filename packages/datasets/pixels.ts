/** Images and batches of them as bytes, until their numbers are needed. */
import {
  type Body,
  type Device,
  empty,
  fromTypedArray,
  type ScalarFunction,
  type Tensor,
  tidySync,
} from "@troodon/core";
import {
  body,
  checkSurplus,
  chosenDevice,
  expr,
  type OptionKeys,
  readOptions,
  Updates,
} from "@troodon/core/kernel";
import { evaluateEach } from "./evaluate_each.ts";
import { HostArray } from "./host_array.ts";
import { separate } from "./separate.ts";

/** Functions that a device which rounds each step has to the bit. */
const EXACT: ReadonlySet<ScalarFunction> = new Set(["add", "sub", "mul", "div", "neg", "abs", "sqrt"]);

/** Tables of the number that a body gives for each byte value, by body. */
const tables = new WeakMap<Body, Float32Array>();
const BYTES: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** Options of {@linkcode Pixels}. */
export interface PixelsOptions {
  /** `[..., channels, height, width]` */
  readonly shape: readonly number[];
  /** For each channel, the function of a byte, input 0, that gives a number; calculated in float32. */
  readonly bodies: readonly Body[];
  /** Interleaved storage: the bytes are those of one image, `[height, width, channels]` (default false). */
  readonly interleaved?: boolean;
}
const PIXELS_OPTIONS: OptionKeys<PixelsOptions> = { shape: true, bodies: true, interleaved: true };

/**
 * The pixels of an image or a batch as bytes, and the expression that makes numbers of them. A device that rounds each
 * step calculates them in a kernel; for others, and for {@linkcode Pixels.data}, they are calculated here. All give the
 * same bits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, ToTensor } from "@troodon/datasets";
 *
 * const pixels = new ToTensor().apply(new Image(2, 1, 1, new Uint8Array([0, 255])));
 * assertEquals([...pixels.bytes], [0, 255]);
 * assertEquals([...pixels.data], [0, 1]);
 * ```
 */
export class Pixels extends HostArray<Float32Array> {
  /** The bytes, as they are stored. */
  readonly bytes: Uint8Array;
  /** Interleaved storage, `[height, width, channels]`, rather than planar, `[channels, height, width]`. */
  readonly interleaved: boolean;
  /** For each channel, the function of a byte that gives a number. */
  readonly bodies: readonly Body[];
  #data: Float32Array | null = null;

  /**
   * Takes bytes as they are; nothing is copied.
   *
   * @throws {RangeError} If there are not as many bytes as `shape` says, not as many bodies as channels, or several
   * images of interleaved bytes.
   */
  constructor(bytes: Uint8Array, options: PixelsOptions) {
    checkSurplus(new.target.name, arguments, 2);
    const { shape, bodies, interleaved = false } = readOptions(new.target.name, options, PIXELS_OPTIONS);
    super(bytes.length, shape, "float32");
    if (shape.at(-3) !== bodies.length) {
      throw new RangeError(
        `Cannot make Pixels as there must be one body for each channel: current shape is [${
          shape.join(", ")
        }], with ${bodies.length} bodies`,
      );
    }
    if (interleaved && shape.length !== 3) {
      throw new RangeError(
        `Cannot make interleaved Pixels as their shape must be [channels, height, width]: current shape is [${
          shape.join(", ")
        }]`,
      );
    }
    this.bytes = bytes;
    this.bodies = bodies;
    this.interleaved = interleaved;
  }

  /** The numbers: calculated when they are first asked for. */
  override get data(): Float32Array {
    return this.#data ??= this.#evaluate();
  }

  /** Pixels that share these bytes, with other expressions for the channels. */
  with(bodies: readonly Body[]): Pixels {
    return new Pixels(this.bytes, { shape: this.shape, bodies, interleaved: this.interleaved });
  }

  /** The bytes channel by channel. */
  get planes(): Uint8Array {
    if (!this.interleaved) return this.bytes;
    const out = new Uint8Array(this.bytes.length);
    this.copyPlanes(out, 0);
    return out;
  }

  /** Writes the bytes channel by channel to `out`, from place `at` on. */
  copyPlanes(out: Uint8Array, at: number): void {
    separate(this.bytes, this.interleaved ? this.bodies.length : 1, out, at);
  }

  #evaluate(): Float32Array {
    const { planes, bodies, shape } = this, [height = 1, width = 1] = shape.slice(-2);
    const out = new Float32Array(planes.length), size = height * width;
    for (let i = 0, channel = 0; i < out.length; channel = (channel + 1) % bodies.length) {
      const table = tableOf(bodies[channel]!);
      for (const end = i + size; i < end; i++) out[i] = table[planes[i]!]!;
    }
    return out;
  }

  /** The numbers as a tensor, on the default device if none is given. */
  override toTensor(device?: Device): Tensor {
    const { bodies, shape } = this, on = device ?? chosenDevice();
    if (!on?.backend.limits.roundsSteps || !bodies.every(isExact)) {
      return fromTypedArray(this.data, shape, { ...(on && { device: on }) });
    }
    return tidySync(() =>
      calculate(fromTypedArray(this.planes, shape, { dtype: "uint8", device: on }), bodies)
    );
  }
}

/** Runs the body of each channel of `x`, `[..., channels, height, width]`; one kernel where all are the same. */
function calculate(x: Tensor, bodies: readonly Body[]): Tensor {
  const out = empty(x.shape, { device: x.device });
  using updates = new Updates();
  if (bodies.every((body) => body === bodies[0])) updates.add(bodies[0]!, [x], [], [out]);
  else bodies.forEach((body, c) => updates.add(body, [x.select(-3, c)], [], [out.select(-3, c)]));
  return out;
}

/** True if a device that rounds each step to float32 gives the same bits as the host. */
function isExact({ program: { steps } }: Body): boolean {
  return steps.every((step) => {
    if (step.kind !== "call") return step.kind === "input" || step.kind === "constant";
    // A product may be joined with the sum that it is part of.
    const joined = (step.fn === "add" || step.fn === "sub") && step.args.some((arg) => {
      const term = steps[arg]!;
      return term.kind === "call" && term.fn === "mul";
    });
    return EXACT.has(step.fn) && !joined;
  });
}

function tableOf(body: Body): Float32Array {
  let table = tables.get(body);
  if (table === undefined) tables.set(body, table = evaluateEach(body, BYTES));
  return table;
}

/** Pixels of one shape as a batch, if the same becomes of the bytes of all; else null. */
export function stackPixels(pixels: readonly Pixels[]): Pixels | null {
  const { bytes: { length }, shape, bodies } = pixels[0]!;
  const alike = pixels.every((other) =>
    other.bodies === bodies || other.bodies.every((body, channel) => body === bodies[channel])
  );
  if (!alike) return null;
  const out = new Uint8Array(length * pixels.length);
  for (let i = 0; i < pixels.length; i++) pixels[i]!.copyPlanes(out, i * length);
  return new Pixels(out, { shape: [pixels.length, ...shape], bodies });
}

/** For each number of channels, as many bodies that divide by 255. */
let shares: readonly (readonly Body[])[] | null = null;

/** The bytes of an image as numbers in [0, 1]: their shares in 255. */
export function pixelShares(
  bytes: Uint8Array,
  shape: readonly [channels: number, height: number, width: number],
): Pixels {
  const [channels] = shape;
  shares ??= [0, 1, 2, 3, 4].map((n) => Array<Body>(n).fill(body(expr.div(expr.input(0), 255))));
  return new Pixels(bytes, { shape, bodies: shares[channels]!, interleaved: channels > 1 });
}
