import { assertEquals } from "@std/assert";
import { negated, packed, swapBytes } from "./elements.ts";

const bytesOf = ({ buffer }: { readonly buffer: ArrayBufferLike }): Uint8Array =>
  new Uint8Array(buffer.slice(0));

Deno.test("negated() changes the sign of integers of all sizes, and of floating elements", () => {
  const values = [0, 1, -1, 5, -128, 127, 256, -256, 65536, -2147483648] as const;
  for (const Type of [Int8Array, Int16Array, Int32Array]) {
    const size = Type.BYTES_PER_ELEMENT, given = Type.from(values);
    assertEquals(negated(bytesOf(given), size, false), bytesOf(given.map((value) => -value)));
  }
  const wide = BigInt64Array.from([0n, 1n, -1n, 256n, 2n ** 40n, -(2n ** 63n)]);
  assertEquals(negated(bytesOf(wide), 8, false), bytesOf(wide.map((value) => -value)));
  for (const Type of [Float32Array, Float64Array]) {
    const given = Type.of(0, -0, 1.5, -3, Infinity);
    assertEquals(
      negated(bytesOf(given), Type.BYTES_PER_ELEMENT, true),
      bytesOf(given.map((value) => -value)),
    );
  }
});

Deno.test("swapBytes() turns each element, and leaves single bytes", () => {
  for (const [size, expected] of [[1, [1, 2, 3, 4]], [2, [2, 1, 4, 3]], [4, [4, 3, 2, 1]]] as const) {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    swapBytes(bytes, size);
    assertEquals([...bytes], [...expected]);
  }
});

Deno.test("packed() copies the elements of a layout, whichever axes follow one another", () => {
  const bytes = Uint8Array.from({ length: 48 }, (_, i) => i);
  const at = (offset: number, shape: readonly number[], strides: readonly number[], size = 1) => [
    ...packed(bytes, { offset, shape, strides }, size),
  ];
  assertEquals(at(3, [2, 3], [3, 1]), [3, 4, 5, 6, 7, 8]);
  assertEquals(at(3, [2, 2], [4, 1]), [3, 4, 7, 8]);
  assertEquals(at(0, [2, 3], [1, 2]), [0, 2, 4, 1, 3, 5]);
  assertEquals(at(0, [2, 1, 2], [2, 99, 1]), [0, 1, 2, 3]);
  assertEquals(at(1, [2, 2, 2], [12, 3, 1]), [1, 2, 4, 5, 13, 14, 16, 17]);
  assertEquals(at(5, [], []), [5]);
  assertEquals(at(5, [3, 0], [1, 1]), []);
  assertEquals(at(1, [2, 2], [3, 1], 2), [2, 3, 4, 5, 8, 9, 10, 11]);
});
