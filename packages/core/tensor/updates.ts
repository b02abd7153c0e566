/** Changes in place of many tensors at once. */
import type { Device, Launch } from "../device.ts";
import { computeType } from "../dtype.ts";
import type { Body } from "../expr/body.ts";
import type { Tensor } from "../tensor.ts";

/** Those of one device. */
interface Batch {
  readonly device: Device;
  readonly launches: Launch[];
}

/**
 * Gathers changes of tensors in place, to make them by `run`, or when it is disposed of: as if one after the other, and
 * all at once where the backend can. No tape hears of them. Until then values are the old ones, and nothing that a change
 * uses may be disposed of.
 *
 * @example Two tensors at once
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { body, Device, expr, ReferenceBackend, tensor, Updates } from "@troodon/core";
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

  /** The outputs of `body` are to take the place of its first inputs; all tensors have one shape and device. */
  add(body: Body, inputs: readonly Tensor[], scalars: readonly number[] = []): void {
    const { device, dtype, shape } = inputs[0]!;
    const batch = this.#latest?.device === device ? this.#latest : this.#batchOn(device);
    const call = { kernel: "map", body, compute: computeType(dtype), scalars, shape } as const;
    batch.launches.push({ call, inputs, outputs: inputs.slice(0, body.outputs.length) });
  }

  #batchOn(device: Device): Batch {
    let batch = this.#batches.find((known) => known.device === device);
    if (batch === undefined) this.#batches.push(batch = { device, launches: [] });
    return this.#latest = batch;
  }

  /** Makes the changes that were gathered. */
  run(): void {
    const batches = this.#batches;
    if (batches.length === 0) return;
    this.#batches = [];
    this.#latest = null;
    for (const { device, launches } of batches) {
      device.launchAll(launches);
      for (let i = 0; i < launches.length; i++) {
        const { outputs } = launches[i]!;
        for (let o = 0; o < outputs.length; o++) outputs[o]!.storage.version++;
      }
    }
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.run();
  }
}
