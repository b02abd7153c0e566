import { assert, assertEquals } from "@std/assert";
import { rowMajor, sizeOf } from "@troodon/core/kernel";
import { tiles } from "./tiles.ts";

/** Strides of a tensor whose axes lie in memory the other way round. */
const turned = (shape: readonly number[]): number[] => [...rowMajor([...shape].reverse())].reverse();

/** Where the elements of a region lie, for one of the operands. */
function places({ space: { extents, strides }, offsets }: ReturnType<typeof tiles>[number], operand: number) {
  let found = [offsets[operand]!];
  extents.forEach((extent, axis) => {
    const stride = strides[operand]![axis]!;
    found = found.flatMap((at) => Array.from({ length: extent }, (_, i) => at + i * stride));
  });
  return found;
}

Deno.test("tiles() cuts what is transposed so that lines of the cache are used whole, each element once", () => {
  for (const extents of [[64, 64], [256, 70], [67, 129], [17, 1024], [5, 50, 70], [20, 300], [1100, 4]]) {
    const regions = tiles({ extents, strides: [turned(extents), rowMajor(extents)] });
    assert(regions.length > 1 || regions[0]!.space.extents.length > extents.length, `${extents} is cut`);
    const all = Array.from({ length: sizeOf(extents) }, (_, i) => i);
    for (const operand of [0, 1]) {
      const found = regions.flatMap((region) => places(region, operand));
      assertEquals(found.sort((a, b) => a - b), all, `${extents}, operand ${operand}`);
    }
    // Both operands are at the same position.
    const [first, second] = [0, 1].map((operand) => regions.flatMap((region) => places(region, operand)));
    const positions = (at: number, strides: readonly number[]) =>
      strides.map((stride, axis) => Math.floor(at / stride) % extents[axis]!);
    for (let i = 0; i < all.length; i += 7) {
      assertEquals(positions(first![i]!, turned(extents)), positions(second![i]!, rowMajor(extents)));
    }
    for (const { space } of regions) {
      const [line, row] = space.extents.slice(-2) as [number, number];
      // Lines a multiple of 1 KiB apart share their place in the cache.
      const apart = Math.max(...turned(extents));
      assert(line <= 16 && row <= (apart % 256 === 0 ? 16 : 64), `${extents}: tiles of ${line} by ${row}`);
    }
  }
});

Deno.test("tiles() leaves alone what is small, narrow, or not transposed", () => {
  const whole = (extents: readonly number[], strides: readonly (readonly number[])[]) => {
    const space = { extents, strides };
    assertEquals(tiles(space), [{ space, offsets: strides.map(() => 0) }]);
  };
  whole([63, 65], [turned([63, 65])]);
  whole([3, 2000], [turned([3, 2000])]);
  whole([2000, 3], [turned([2000, 3])]);
  whole([100, 100], [rowMajor([100, 100])]);
  whole([100, 100], [[200, 2]]);
  whole([1000, 16], [[1, 16], [16, 1]]);
  whole([], [[]]);
});
