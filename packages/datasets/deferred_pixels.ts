/** Pixels that are bytes until they are on their device. */
import {
  type Body,
  chosenDevice,
  type Device,
  empty,
  fromTypedArray,
  type Tensor,
  tidySync,
  Updates,
} from "@troodon/core";
import { NdArray } from "./nd_array.ts";

/** What becomes of each byte of each channel. */
export interface PixelMeaning {
  /** The results, `[channels, 256]`. */
  readonly table: Float32Array;
  /** The same for each channel in arithmetic that a device does; null if there is none. */
  readonly bodies: readonly Body[] | null;
}

/** Devices whose arithmetic gives, bit for bit, what the table has. */
const exact = new WeakMap<PixelMeaning, WeakMap<Device, boolean>>();

/**
 * A batch of pixels as bytes, and what a pointwise transform makes of them: a device that can, calculates it in a kernel,
 * which all of its threads share; for others it is looked up here. Both give the same bits.
 */
export class DeferredPixels {
  /** The bytes, row-major. */
  readonly bytes: Uint8Array;
  /** `[n, channels, height, width]` */
  readonly shape: readonly [n: number, channels: number, height: number, width: number];
  /** What becomes of them. */
  readonly meaning: PixelMeaning;

  /** Takes the bytes as they are; nothing is copied. */
  constructor(bytes: Uint8Array, shape: DeferredPixels["shape"], meaning: PixelMeaning) {
    this.bytes = bytes;
    this.shape = shape;
    this.meaning = meaning;
  }

  /** The pixels, looked up. */
  toArray(): NdArray<Float32Array> {
    const { bytes, meaning: { table } } = this, [n, channels, height, width] = this.shape;
    const out = new Float32Array(bytes.length), size = height * width;
    for (let plane = 0, i = 0; plane < n * channels; plane++) {
      const first = 256 * (plane % channels);
      for (const end = i + size; i < end; i++) out[i] = table[first + bytes[i]!]!;
    }
    return new NdArray(out, this.shape);
  }

  /** The pixels on a device: the default one if none is given. */
  toTensor(device?: Device): Tensor {
    const { meaning, shape } = this, on = device ?? chosenDevice();
    if (on && isExact(meaning, on)) {
      return tidySync(() =>
        calculate(fromTypedArray(this.bytes, shape, { dtype: "uint8", device: on }), meaning.bodies!)
      );
    }
    return fromTypedArray(this.toArray().data, shape, { ...(on && { device: on }) });
  }
}

/** Runs the body of each channel of `x`, `[n, channels, height, width]`; one kernel where all are the same. */
function calculate(x: Tensor, bodies: readonly Body[]): Tensor {
  return tidySync(() => {
    const out = empty(x.shape, { device: x.device });
    using updates = new Updates();
    if (bodies.every((body) => body === bodies[0])) updates.add(bodies[0]!, [x], [], [out]);
    else bodies.forEach((body, c) => updates.add(body, [x.select(1, c)], [], [out.select(1, c)]));
    return out;
  });
}

/** Whether `device` calculates what the table has: tried once. A device that cannot be read at once is not asked. */
function isExact(meaning: PixelMeaning, device: Device): boolean {
  const { table, bodies } = meaning;
  if (bodies === null || !device.canReadSync) return false;
  let known = exact.get(meaning);
  if (known === undefined) exact.set(meaning, known = new WeakMap());
  let answer = known.get(device);
  if (answer === undefined) {
    const bytes = Uint8Array.from(table, (_, i) => i % 256);
    answer = tidySync(() => {
      const x = fromTypedArray(bytes, [1, bodies.length, 16, 16], { dtype: "uint8", device });
      return sameBits(calculate(x, bodies).dataSync() as Float32Array, table);
    });
    known.set(device, answer);
  }
  return answer;
}

function sameBits(a: Float32Array, b: Float32Array): boolean {
  const [x, y] = [a, b].map(({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length));
  return x!.length === y!.length && x!.every((bits, i) => bits === y![i]);
}
