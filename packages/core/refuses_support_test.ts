/** What tests of refused calls share. */
import { assertEquals, assertThrows } from "@std/assert";
import {
  Device,
  Generator,
  type NestedArray,
  ReferenceBackend,
  Scope,
  type Tensor,
  tensor,
  zeros,
} from "./mod.ts";

/** A device of its own, so that memory can be counted. */
export const device: Device = new Device(new ReferenceBackend(), { generator: new Generator(1) });

/** Zeros, float32. */
export const f = (...shape: number[]): Tensor => zeros(shape, { device });

/** Zeros, int32. */
export const i = (...shape: number[]): Tensor => zeros(shape, { device, dtype: "int32" });

/** Zeros, bool. */
export const b = (...shape: number[]): Tensor => zeros(shape, { device, dtype: "bool" });

/** Whole numbers, int32. */
export const ints = (data: NestedArray): Tensor => tensor(data, { device, dtype: "int32" });

/** A call, what it throws, and a part of the message; or that it is right, at the edge of what is refused. */
export type Row =
  | readonly [call: () => unknown, type: typeof RangeError | typeof TypeError, message: string]
  | readonly [call: () => unknown, "is right"];

/** Registers a test for each function; nothing may be left of a refused call. */
export function refuses(rows: Readonly<Record<string, readonly Row[]>>): void {
  for (const [name, calls] of Object.entries(rows)) {
    Deno.test(`${name}() refuses what it cannot do, and says why`, () => {
      for (const [call, type, message] of calls) {
        const before = device.memory.buffers;
        {
          using _ = new Scope();
          if (type === "is right") call();
          else {
            const error = assertThrows(call, type, message, String(call));
            assertEquals(error.constructor, type);
            // The action first, active, no full stop.
            assertEquals(/^Cannot .*[^.]$/s.test(error.message), true, error.message);
          }
        }
        assertEquals(device.memory.buffers, before);
      }
    });
  }
}
