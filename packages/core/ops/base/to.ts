/** Tensors on other devices and of other dtypes. */
import { Device } from "../../device.ts";
import { type DeviceName, deviceNamed, isDeviceName } from "../../device_names.ts";
import { type DType, DTYPES, isDType, isFloating } from "../../dtype.ts";
import { currentFlow } from "../../flow.ts";
import { checkDType } from "../../limits.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { tidySync } from "../../scope.ts";
import type { RecordedRule } from "../../tape.ts";
import { TensorBase } from "../../tensor/base.ts";
import { readBytes, readBytesSync } from "../../tensor/bytes.ts";
import type { Tensor } from "../../tensor.ts";
import { cast, clone } from "./cast.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode to}. */
export interface ToOptions {
  /** The device of the result, or its name; that of the tensor by default. */
  readonly device?: Device | DeviceName | string;
  /** The dtype of the result; that of the tensor by default. */
  readonly dtype?: DType;
  /** Whether the result is a copy even where device and dtype are those of the tensor; false by default. */
  readonly copy?: boolean;
}
const TO_OPTIONS: OptionKeys<ToOptions> = { device: true, dtype: true, copy: true };

/** What a tensor can be brought to: a dtype, a device or its name, those of another tensor, or both by options. */
export type ToTarget = DType | DeviceName | Device | TensorBase | ToOptions;

/** Where {@linkcode to} brings a tensor: its target, completed by what the tensor has. */
export interface Destination {
  /** The device of the result. */
  readonly device: Device;
  /** The dtype of the result. */
  readonly dtype: DType;
  /** Whether the result is a copy in any case. */
  readonly copy: boolean;
}

/** The gradient of a move, whose `params` are the device that it came from: the gradient is moved back. */
const MOVE: RecordedRule<Device> = {
  kind: "recorded",
  name: "to",
  gradName: "toCopy",
  vjp: ([g], saved) => {
    const { dtype } = saved.spec(0);
    return [isFloating(dtype) ? () => to(g!, { device: saved.params, dtype }) : null];
  },
};

/**
 * `x` on another device, in another dtype, or both: `x` itself where it is there already, unless `copy` is given. To
 * bool: whether not 0; to integers: toward 0. The gradient comes back to the device and the dtype of `x`.
 *
 * A move waits for the device that `x` is on: see {@linkcode toAsync} for those that cannot.
 *
 * @param target A dtype, a device or its name (see {@linkcode nameDevice}), a tensor whose device and dtype are taken,
 * or both as options.
 * @param options A dtype, or options beside the target.
 * @throws {TypeError} If there is no such dtype or device, the device does not hold the dtype, or the device of `x`
 * cannot be read synchronously.
 *
 * @example Dtype, device, and both
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor, to } from "@troodon/core";
 *
 * const [here, there] = [new Device(new ReferenceBackend()), new Device(new ReferenceBackend())];
 * const x = tensor([1.5, 2], { device: here });
 * assertEquals(to(x, "int32").tolist(), [1, 2]);
 * assertEquals(to(x, there).device, there);
 * const y = to(x, { device: there, dtype: "float64" });
 * assertEquals([y.device, y.dtype], [there, "float64"]);
 * ```
 */
export function to(x: Tensor, target: ToTarget, options?: DType | ToOptions): Tensor {
  checkCall("to", arguments, "x..");
  // What ops ask for: it takes no look at anything else.
  if (options === undefined && typeof target === "string" && isDType(target)) return cast(x, target);
  const place = destinationOf(x, target, options);
  if (place.device !== x.device) return moved(x, place);
  const y = cast(x, place.dtype);
  return y === x && place.copy ? clone(x) : y;
}

/**
 * {@linkcode to} for tensors on devices that cannot be read synchronously, as GPUs in browsers: it waits for the
 * device without blocking. Differentiable as {@linkcode to} is.
 *
 * @example From wherever it is
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor, toAsync } from "@troodon/core";
 *
 * const [here, there] = [new Device(new ReferenceBackend()), new Device(new ReferenceBackend())];
 * const y = await toAsync(tensor([1, 2], { device: here }), there);
 * assertEquals([y.device, y.tolist()], [there, [1, 2]]);
 * ```
 */
export async function toAsync(x: Tensor, target: ToTarget, options?: DType | ToOptions): Promise<Tensor> {
  checkCall("toAsync", arguments, "x..");
  const place = destinationOf(x, target, options);
  if (place.device === x.device) return to(x, place);
  checkDType(place.device, place.dtype);
  const { recording, listener } = currentFlow(), early = convertsFirst(x, place);
  listener?.read(x);
  // Whatever happens to `x` meanwhile.
  const held = x.alias(null);
  const source = early ? tidySync(() => cast(held, place.dtype), false).adopt() : held;
  try {
    const bytes = await readBytes(source);
    return arrived(recording, held, place, bytes, early ? place.dtype : x.dtype);
  } finally {
    source.dispose();
    held.dispose();
  }
}

function moved(x: Tensor, place: Destination): Tensor {
  const { device } = x;
  if (!device.canReadSync) {
    throw new TypeError(
      `Cannot apply to() as ${device.name} must be read synchronously to move a tensor to ${place.device.name}, ` +
        "and it cannot: use `await x.toAsync(device)`; in a backward pass, end the graph at the move by detach(), and " +
        "give the gradient that was moved to backward({ gradient })",
    );
  }
  checkDType(place.device, place.dtype);
  const { recording, listener } = currentFlow(), early = convertsFirst(x, place);
  listener?.read(x);
  const bytes = early
    ? tidySync(() => ({ bytes: readBytesSync(cast(x, place.dtype)) }), false).bytes
    : readBytesSync(x);
  return arrived(recording, x, place, bytes, early ? place.dtype : x.dtype);
}

/** Whether the tensor is converted before it is moved: where the other device does not hold its dtype. */
function convertsFirst(x: Tensor, { device }: Destination): boolean {
  return !device.backend.limits.dtypes.includes(x.dtype);
}

/** `x` at `place`, of bytes of it in `dtype`; recorded as one node. */
function arrived(recording: boolean, x: Tensor, place: Destination, bytes: Uint8Array, dtype: DType): Tensor {
  const { device } = place;
  const y = tidySync(() => {
    const there = x.emptyOn(device, x.shape, dtype);
    device.write(there.storage, bytes);
    return cast(there, place.dtype);
  }, false);
  const tape = recording ? x.node?.tape : null;
  const call = { op: MOVE as RecordedRule, params: x.device, inputs: [x], outputs: [y] };
  tape?.record(call, currentFlow());
  return y;
}

/**
 * Where {@linkcode to} would bring `x`.
 *
 * @throws {TypeError} If there is no such dtype or device.
 */
export function destinationOf(x: TensorBase, target: ToTarget, given: DType | ToOptions = {}): Destination {
  const rest: ToOptions = typeof given === "string"
    ? { dtype: given }
    : readOptions("to()", given, TO_OPTIONS);
  const { device = x.device, dtype = x.dtype, copy = false } = { ...rest, ...asOptions(target) };
  if (!isDType(dtype)) throw new TypeError(`Cannot apply to() as ${noSuch(String(dtype))}`);
  return { device: typeof device === "string" ? deviceNamed(device, x.device) : device, dtype, copy };
}

function asOptions(target: ToTarget): ToOptions {
  if (target instanceof Device) return { device: target };
  if (target instanceof TensorBase) return { device: target.device, dtype: target.dtype };
  if (typeof target === "object" && target !== null) return readOptions("to()", target, TO_OPTIONS);
  if (typeof target !== "string") throw new TypeError(`Cannot apply to() as ${noSuch(String(target))}`);
  if (isDType(target)) return { dtype: target };
  if (/^(cpu|cuda|mps|webgpu|reference)\b/.test(target) || isDeviceName(target)) return { device: target };
  throw new TypeError(`Cannot apply to() as ${noSuch(target)}`);
}

const noSuch = (current: string): string =>
  `the target must be a dtype (${
    DTYPES.join(", ")
  }), a device, a tensor or options: current target is ${current}`;
