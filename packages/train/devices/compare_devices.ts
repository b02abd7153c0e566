import { type Device, type DType, type GeneratorState, type Tensor, tidySync } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions, showArgument } from "@troodon/core/kernel";
import { Module, nameLayers } from "@troodon/nn";
import { inputAndTarget } from "../batch.ts";
import type { LossFunction } from "../fit.ts";
import { driftBetween, type LayerDrift, recordStep, type StepRecord } from "./drift.ts";
import { Lockstep, type PartedCall, type SkippedCall } from "./lockstep.ts";
import { moved } from "./moved.ts";

/** Options of {@linkcode compareDevices}. */
export interface CompareDevicesOptions {
  /** Two devices or more, of which at least one can be read at once. */
  readonly devices: readonly Device[];
  /** The relative difference that is allowed, by the type of the elements; float32 1e-4, float16 4e-3 by default. */
  readonly tolerances?: Readonly<Partial<Record<DType, number>>>;
}
const COMPARE_DEVICES_OPTIONS: OptionKeys<CompareDevicesOptions> = { devices: true, tolerances: true };

/** A training step on several devices, as {@linkcode compareDevices} compares it. */
export interface DeviceComparison {
  /** Names of the devices; the first one leads. */
  readonly devices: readonly string[];
  /** Calls that were compared. */
  readonly calls: number;
  /** Calls whose results part though their inputs are the same, in their order. */
  readonly parted: readonly PartedCall[];
  /** The first of them, which is where to look; null if there is none. */
  readonly first: PartedCall | null;
  /** Calls that could not be made on a device. */
  readonly skipped: readonly SkippedCall[];
  /** Distances of the layers' outputs where each device goes on with its own results. */
  readonly drift: readonly LayerDrift[];
}

/** The loss of a batch: a loss that is given prediction and target, or a function of the model and the batch. */
export type StepLoss<M, B> = LossFunction | ((model: M, batch: B) => Tensor);

/**
 * Compares a training step on several devices, call by call, and finds the first op whose results part. One device leads,
 * the reference backend if it is among them; each call of the prediction, the loss and the gradients is made there, and again
 * on the other devices with copies of the same inputs, so that errors do not add up. Then each device makes the step by
 * itself, which says how far layers drift apart. Model, batch and random numbers are left as they are.
 *
 * Results may differ by the tolerance of their type, times the size of the element, and by what rounding allows: a share
 * of the largest element, and for ops that add numbers up of the largest input.
 *
 * @param model The network; copies of it are moved to the devices.
 * @param batch A pair of input and target, or whatever `loss` takes.
 * @param loss Compares prediction and target; or a function that calculates the loss from model and batch.
 * @throws {TypeError} If there are fewer than two devices, or none can be read at once.
 *
 * @example A kernel with a fault
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, ones, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, MSELoss, ReLU, Sequential } from "@troodon/nn";
 * import { compareDevices } from "@troodon/train";
 *
 * const [right, other] = [new Device(new ReferenceBackend(), { tape }), new Device(new ReferenceBackend(), { tape })];
 * setDefaultDevice(right);
 * const model = new Sequential(new Linear(4, 3), new ReLU(), new Linear(3, 1));
 * const batch = [ones([8, 4]), ones([8, 1])];
 * const healthy = await compareDevices(model, batch, new MSELoss(), { devices: [right, other] });
 * assertEquals(healthy.first, null);
 * ```
 */
export async function compareDevices<M extends Module, B>(
  model: M,
  batch: B,
  loss: StepLoss<M, NoInfer<B>>,
  options: CompareDevicesOptions,
): Promise<DeviceComparison> {
  const { devices = [], tolerances = {} } = readOptions("compareDevices()", options, COMPARE_DEVICES_OPTIONS);
  checkCall("compareDevices", arguments, "....");
  checkParts(model, loss);
  const [lead, ...others] = inOrder(devices);
  const names = namesOf([lead!, ...others]);
  const generators = new Map([...devices].map(({ generator }) => [generator, generator.getState()] as const));
  const reset = (): void =>
    generators.forEach((state: GeneratorState, generator) => void generator.setState(state));
  const run = async <T>(
    device: Device,
    step: (model: M, lossOf: () => Tensor) => T | Promise<T>,
  ): Promise<T> => {
    reset();
    const parts = await moved({ model, batch, loss }, device);
    try {
      return await step(parts.values.model, () => lossOf(parts.values));
    } finally {
      parts[Symbol.dispose]();
      reset();
    }
  };
  const lockstep = new Lockstep(lead!, others, names, tolerances);
  const parted = await run(lead!, (model, lossOf) => {
    using _ = nameLayers(model);
    return lockstep.run(() => tidySync(() => lossOf().backward()));
  });
  const records: StepRecord[] = [];
  for (const device of [lead!, ...others]) records.push(await run(device, recordStep));
  const drift = others.flatMap((device, i) => driftBetween(names.get(device)!, records[0]!, records[i + 1]!));
  const { calls, skipped } = lockstep;
  return { devices: [...names.values()], calls, parted, first: parted[0] ?? null, skipped, drift };
}

function lossOf<M extends Module, B>(
  { model, batch, loss }: { readonly model: M; readonly batch: B; readonly loss: StepLoss<M, B> },
): Tensor {
  if (!("forward" in loss)) return loss(model, batch);
  const [input, target] = inputAndTarget(batch);
  return loss.forward((model as Module)(input), target);
}

function checkParts(model: unknown, loss: unknown): void {
  if (!(model instanceof Module)) {
    throw new TypeError(
      `Cannot apply compareDevices() as the model must be a module: current one is ${showArgument(model)}`,
    );
  }
  if (typeof loss !== "function" && !(typeof loss === "object" && loss !== null && "forward" in loss)) {
    throw new TypeError(
      `Cannot apply compareDevices() as there must be a loss, or a function of model and batch: current one is ${
        showArgument(loss)
      }`,
    );
  }
}

/** The devices with the one that leads before all others. */
function inOrder(devices: readonly Device[]): readonly Device[] {
  if (new Set(devices).size < 2) {
    throw new TypeError(
      `Cannot apply compareDevices() as there must be two devices or more among the options: current count is ${
        new Set(devices).size
      }`,
    );
  }
  const readable = devices.filter(({ canReadSync }) => canReadSync);
  const lead = readable.find(({ name }) => name === "reference") ?? readable[0];
  if (lead === undefined) {
    throw new TypeError(
      `Cannot apply compareDevices() as one device must be readable at once, such as cpu: current ones are ${
        devices.map(({ name }) => name).join(", ")
      }`,
    );
  }
  return [...new Set([lead, ...devices])];
}

/** Names that tell devices apart: `cpu`, or `cpu` and `cpu 2`. */
function namesOf(devices: readonly Device[]): Map<Device, string> {
  const counts = new Map<string, number>();
  return new Map(devices.map((device) => {
    const count = (counts.get(device.name) ?? 0) + 1;
    counts.set(device.name, count);
    return [device, count === 1 ? device.name : `${device.name} ${count}`];
  }));
}
