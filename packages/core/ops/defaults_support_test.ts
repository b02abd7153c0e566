/** What the tests of defaults share. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { arange, Device, type NestedArray, ReferenceBackend, type Tensor, tensor } from "../mod.ts";

const device = new Device(new ReferenceBackend());

/** A float64 tensor. */
export const float = (data: NestedArray): Tensor => tensor(data, { device, dtype: "float64" });

/** An int32 tensor. */
export const whole = (data: NestedArray): Tensor => tensor(data, { device, dtype: "int32" });

/** Numbers of some shape without a pattern, from -1 to 1. */
export const some = (...shape: number[]): Tensor =>
  arange(shape.reduce((n, m) => n * m, 1), undefined, 1, { device, dtype: "float64" }).mul(7.3).sin().reshape(
    shape,
  );

/** A call with some options, and of each option the default and another value that gives something else. */
export interface Row {
  /** The call. */
  readonly call: (options: object) => Tensor;
  /** The default and another value of each option. */
  readonly options: Readonly<Record<string, readonly [standard: unknown, other: unknown]>>;
}

/** A row of {@linkcode testDefaults}. */
export const row = (call: Row["call"], options: Row["options"]): Row => ({ call, options });

/** Tests that what is left out has its default, and that the option has an effect. */
export function testDefaults(rows: Readonly<Record<string, Row>>): void {
  for (const [name, { call, options }] of Object.entries(rows)) {
    Deno.test(`${name}() takes the documented values for the options that are left out`, () => {
      const plain = call({}).tolist();
      for (const [key, [standard, other]] of Object.entries(options)) {
        assertEquals(call({ [key]: standard }).tolist(), plain, key);
        assertNotEquals(call({ [key]: other }).tolist(), plain, `${key} has no effect here`);
      }
    });
  }
}
