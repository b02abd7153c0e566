/** What the tests of this package share. */
import { assert } from "@std/assert";
import { Device, type NestedArray, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import { tape } from "./mod.ts";

/** A device of its own for each test, so that memory can be counted. */
export function makeDevice(): Device {
  return new Device(new ReferenceBackend(), { tape });
}

/** A float64 leaf. */
export function leaf(device: Device, data: NestedArray): Tensor {
  return tensor(data, { device, dtype: "float64", requiresGrad: true });
}

/** A float64 constant. */
export function constant(device: Device, data: NestedArray): Tensor {
  return tensor(data, { device, dtype: "float64" });
}

/** Asserts that all elements are within 1e-9. */
export function assertClose(t: Tensor | null, expected: readonly number[]): void {
  assert(t !== null, "there is no gradient");
  const data = t.dataSync();
  assert(
    data.length === expected.length && expected.every((v, i) => Math.abs(Number(data[i]) - v) <= 1e-9),
    `${[...data].join(" ")} is not ${expected.join(" ")}`,
  );
}

/** Gives integers from 0 up to a limit. */
export type Random = (n: number) => number;

/** Random numbers for programs that tests make up: the same ones for a seed. */
export function randomOf(seed: number): Random {
  let state = seed * 2654435761 + 1;
  return (n) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return ((state ^ (state >>> 13)) >>> 0) % n;
  };
}
