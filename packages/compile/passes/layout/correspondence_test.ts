import { assert, assertEquals } from "@std/assert";
import { type Layout, positionAt, rowMajor, sizeOf } from "@troodon/core/kernel";
import { drawsOf } from "../random_graph_support_test.ts";
import { correspondenceOf, cutShape, isOneToOne, rowMajorCorrespondence } from "./correspondence.ts";

/** The place of the element with a number. */
const placeOf = ({ shape, strides, offset }: Layout, element: number): number =>
  positionAt(element, shape).reduce((sum, position, axis) => sum + position * strides[axis]!, offset);

/** A layout whose axes are permuted, cut out of a larger one, or lie apart. */
function randomMade(draw: (n: number) => number): Layout {
  const shape = Array.from({ length: 1 + draw(3) }, () => 1 + draw(4) * (1 + draw(2)));
  const order = shape.map((_, axis) => axis).sort(() => draw(3) - 1), strides = shape.map(() => 0);
  let stride = 1;
  for (const axis of order) {
    strides[axis] = stride;
    stride *= shape[axis]! + (draw(4) === 0 ? 1 : 0);
  }
  return { shape, strides, offset: draw(5) };
}

/** A view of what a layout holds: transposed, cut, narrowed, stepped, repeated, flattened. */
function randomRead(made: Layout, draw: (n: number) => number): Layout {
  let { shape, strides, offset } = made as { shape: number[]; strides: number[]; offset: number };
  [shape, strides] = [[...shape], [...strides]];
  for (let i = 0; i < 3; i++) {
    const axis = draw(shape.length), extent = shape[axis]!;
    switch (draw(6)) {
      case 0: {
        const other = draw(shape.length);
        [shape[axis], shape[other]] = [shape[other]!, extent];
        [strides[axis], strides[other]] = [strides[other]!, strides[axis]!];
        break;
      }
      case 1: {
        const start = draw(extent);
        offset += start * strides[axis]!;
        shape[axis] = 1 + draw(extent - start);
        break;
      }
      case 2:
        shape[axis] = Math.ceil(extent / 2);
        strides[axis]! *= 2;
        break;
      case 3:
        shape.splice(axis, 0, 2);
        strides.splice(axis, 0, 0);
        break;
      case 4:
        if (extent % 2 === 0) {
          shape.splice(axis, 1, 2, extent / 2);
          strides.splice(axis, 1, strides[axis]! * extent / 2, strides[axis]!);
        }
        break;
      case 5:
        if (axis > 0 && strides[axis - 1] === extent * strides[axis]!) {
          shape.splice(axis - 1, 2, shape[axis - 1]! * extent);
          strides.splice(axis - 1, 1);
        }
    }
  }
  return { shape, strides, offset };
}

Deno.test("correspondenceOf() names the position that wrote each place, of random views of random layouts", () => {
  const draw = drawsOf(1);
  let found = 0, oneToOne = 0;
  for (let i = 0; i < 3000; i++) {
    const made = randomMade(draw), read = randomRead(made, draw);
    const correspondence = correspondenceOf(read, made);
    if (correspondence === null) continue;
    found++;
    const { steps, start } = correspondence, shape = cutShape(correspondence);
    assertEquals(sizeOf(shape), sizeOf(read.shape));
    const seen = new Set<number>();
    for (let element = 0; element < sizeOf(shape); element++) {
      const position = [...start];
      positionAt(element, shape).forEach((at, axis) => {
        const step = steps[axis]!;
        if (step !== null) position[step.axis]! += at * step.by;
      });
      position.forEach((at, axis) => assert(at < made.shape[axis]!, "a position outside"));
      const place = position.reduce((sum, at, axis) => sum + at * made.strides[axis]!, made.offset);
      assertEquals(place, placeOf(read, element), JSON.stringify({ made, read, correspondence }));
      seen.add(place);
    }
    const all = seen.size === sizeOf(made.shape) && sizeOf(shape) === seen.size;
    assertEquals(isOneToOne(correspondence, made.shape), all, JSON.stringify({ made, read, correspondence }));
    if (all) oneToOne++;
  }
  assert(found > 1500 && oneToOne > 300, `${found} and ${oneToOne}`);
});

Deno.test("correspondenceOf() refuses what reads beside the result, or between its elements", () => {
  const made: Layout = { shape: [3, 4], strides: [4, 1], offset: 2 };
  const read = (shape: number[], strides: number[], offset: number) =>
    correspondenceOf({ shape, strides, offset }, made);
  assertEquals(read([4], [1], 0), null);
  assertEquals(read([4, 4], [4, 1], 2), null);
  assertEquals(read([3, 3], [4, 1], 4), null);
  assertEquals(read([3], [-1], 4), null);
  assertEquals(correspondenceOf(made, { shape: [3, 4], strides: [1, 1], offset: 2 }), null);
  assert(read([3, 3], [4, 1], 3) !== null);
});

Deno.test("rowMajorCorrespondence() cuts axes where the shapes have theirs", () => {
  const { cuts, steps } = rowMajorCorrespondence([6, 4], [2, 12])!;
  assertEquals(cuts, [[2, 3], [4]]);
  assertEquals(steps, [{ axis: 0, by: 1 }, { axis: 1, by: 4 }, { axis: 1, by: 1 }]);
  assertEquals(rowMajorCorrespondence([4, 6], [6, 4]), null);
  assertEquals(rowMajor([2, 3]), [3, 1]);
});
