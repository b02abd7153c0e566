/** Changes in place of many tensors at once. */
import { seenInputs } from "../backend/families.ts";
import type { Device } from "../device.ts";
import type { Launch, LaunchView } from "../device_listener.ts";
import { computeType } from "../dtype.ts";
import type { Body } from "../expr/body.ts";
import { joinPlaces } from "../flat/join_places.ts";
import { currentRecorder } from "./recorder.ts";
import { showShape } from "../shape.ts";
import type { Storage, Version } from "../storage.ts";
import type { Tensor } from "../tensor.ts";

/** The launches of one device, and the tensors that they change. */
interface Batch {
  readonly device: Device;
  readonly launches: Launch[];
  readonly changed: Version[];
  /** Storages of the changed tensors. */
  readonly places: Storage[];
}

/**
 * Gathers changes of tensors in place, to make them by `run`, or when it is disposed of: as if one after the other, and
 * all at once where the backend can. No tape hears of them. Until then values are the old ones, and nothing that a change
 * uses may be disposed of.
 *
 * @example Two tensors at once
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { body, expr, Updates } from "@troodon/core/kernel";
 *
 * const device = new Device(new ReferenceBackend());
 * const tensors = [[1, 2], [3]].map((values) => tensor(values, { device }));
 * const double = body(expr.mul(expr.input(0), 2));
 * {
 *   using updates = new Updates();
 *   for (const t of tensors) updates.add(double, [t]);
 * }
 * assertEquals(tensors.map((t) => t.tolist()), [[2, 4], [6]]);
 * ```
 */
export class Updates implements Disposable {
  #batches: Batch[] = [];
  #latest: Batch | null = null;

  /**
   * Adds a change: what `body` makes of `inputs` and `scalars` is to be written to `outputs`, its first inputs by
   * default. All tensors have one shape and device; it is calculated in the type that the first output is.
   */
  add(
    body: Body,
    inputs: readonly Tensor[],
    scalars: readonly number[] = [],
    outputs: readonly Tensor[] = inputs.slice(0, body.outputs.length),
  ): void {
    const { device, dtype, shape } = outputs[0]!;
    const batch = this.#latest?.device === device ? this.#latest : this.#batchOn(device);
    for (let i = 0; i < inputs.length; i++) {
      if (inputs[i]!.device !== device) throw devicesDiffer(device, inputs[i]!.device);
    }
    const call = { kernel: "map", body, compute: computeType(dtype), scalars, shape } as const;
    batch.launches.push({ call, inputs: seenInputs(call, inputs), outputs });
    for (let i = 0; i < outputs.length; i++) {
      batch.changed.push(outputs[i]!.version);
      batch.places.push(outputs[i]!.storage);
    }
  }

  #batchOn(device: Device): Batch {
    let batch = this.#batches.find((known) => known.device === device);
    if (batch === undefined) this.#batches.push(batch = { device, launches: [], changed: [], places: [] });
    return this.#latest = batch;
  }

  /**
   * Makes the changes that were gathered.
   *
   * @throws {ReferenceError} If something that a change uses was disposed of since; nothing is changed then.
   */
  run(): void {
    const batches = this.#batches;
    if (batches.length === 0) return;
    this.#batches = [];
    this.#latest = null;
    for (const { launches } of batches) launches.forEach(checkAlive);
    for (const { device, launches, changed, places } of batches) {
      device.launchAll(joinPlaces(launches));
      for (let i = 0; i < changed.length; i++) {
        changed[i]!.count++;
        currentRecorder()?.changed(changed[i]!, places[i]!, false);
      }
    }
  }

  /** Makes the changes that were gathered, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.run();
  }
}

function devicesDiffer(one: Device, other: Device): TypeError {
  return new TypeError(
    `Cannot add an update as all its tensors must be on one device: current devices are ${one.name} and ${other.name}`,
  );
}

/** Refuses what was given back since it was added: others may have got the memory. */
function checkAlive({ inputs, outputs }: Launch): void {
  for (let i = 0; i < inputs.length; i++) checkHeld(inputs[i]!);
  for (let i = 0; i < outputs.length; i++) checkHeld(outputs[i]!);
}

function checkHeld({ storage, shape }: LaunchView): void {
  if (storage.references > 0) return;
  throw new ReferenceError(
    `Cannot run updates as a tensor of shape ${
      showShape(shape)
    } that they use was disposed of: run them before`,
  );
}
