/** at() and set() against what Python's indexing means, spelled out element by element. */
import { assertEquals } from "@std/assert";
import {
  arange,
  Device,
  Generator,
  type Index,
  ReferenceBackend,
  Scope,
  type Tensor,
  tensor,
  zeros,
} from "../../mod.ts";
import { sizeOf } from "../../kernel.ts";

const device = new Device(new ReferenceBackend());

/** One index of an axis: which positions it takes, or along which axes of the picked shape they lie. */
interface Taken {
  readonly index: Index;
  /** Positions that the axis has in the result; of a single number one, and no axis. */
  readonly positions: readonly number[];
  readonly kind: "number" | "slice" | "picks";
}

function drawTaken(generator: Generator, extent: number, count: number): Taken {
  const any = () => generator.integer(2 * extent) - extent, place = (at: number) => at < 0 ? at + extent : at;
  switch (generator.integer(6)) {
    case 0: {
      const at = any();
      return { index: at, positions: [place(at)], kind: "number" };
    }
    case 1: {
      const start = generator.integer(extent + 1),
        end = generator.integer(extent + 2),
        step = 1 + generator.integer(2);
      const positions: number[] = [];
      for (let at = start; at < Math.min(end, extent); at += step) positions.push(at);
      return { index: `${start}:${end}:${step}`, positions, kind: "slice" };
    }
    case 2:
      return { index: ":", positions: Array.from({ length: extent }, (_, i) => i), kind: "slice" };
    default: {
      const list = Array.from({ length: count }, any);
      const index = generator.integer(2) === 0 ? list : tensor(list, { device, dtype: "int32" });
      return { index, positions: list.map(place), kind: "picks" };
    }
  }
}

/** The shape and the elements, by their number in row-major order, of `x[indices]`. */
function model(shape: readonly number[], taken: readonly Taken[]): { shape: number[]; elements: number[] } {
  const picks = taken.flatMap(({ kind }, axis) => kind === "picks" ? [axis] : []);
  const apart = picks.some((axis, i) =>
    i > 0 && taken.slice(picks[i - 1]! + 1, axis).some(({ kind }) => kind === "slice")
  );
  // The axes of the result, each with a number that says what it runs over: an axis, or -1 for what is picked.
  const runs = taken.flatMap(({ kind }, axis) =>
    kind === "slice" ? [axis] : kind === "picks" && axis === picks[0] ? [-1] : []
  );
  const order = apart ? [-1, ...runs.filter((axis) => axis !== -1)] : runs;
  const extents = order.map((axis) => taken[axis === -1 ? picks[0]! : axis]!.positions.length);
  const elements = Array.from({ length: sizeOf(extents) }, (_, number) => {
    const at = new Map<number, number>();
    for (let i = order.length - 1, rest = number; i >= 0; i--) {
      at.set(order[i]!, rest % extents[i]!);
      rest = Math.floor(rest / extents[i]!);
    }
    return taken.reduce((element, { kind, positions }, axis) => {
      const which = kind === "number" ? 0 : at.get(kind === "picks" ? -1 : axis)!;
      return element * shape[axis]! + positions[which]!;
    }, 0);
  });
  return { shape: extents, elements };
}

Deno.test("at() and set() mean what Python's indices mean", () => {
  for (let seed = 0; seed < 600; seed++) {
    using _ = new Scope();
    const generator = new Generator(seed);
    const shape = Array.from({ length: 1 + generator.integer(4) }, () => 1 + generator.integer(4));
    const count = 1 + generator.integer(3);
    const taken = shape.map((extent) => drawTaken(generator, extent, count));
    const indices = taken.map(({ index }) => index), expected = model(shape, taken);
    // A tensor whose axes lie in another order in memory.
    const order = generator.permutation(shape.length), inverse: number[] = [];
    order.forEach((axis, i) => inverse[axis] = i);
    const laid = (t: Tensor) => t.permute([...order]).contiguous().permute(inverse);
    const x = laid(arange(0, sizeOf(shape), 1, { device }).reshape(shape));
    const part = x.at(...indices);
    assertEquals([part.shape, [...part.dataSync()]], [expected.shape, expected.elements], `seed ${seed}`);

    const y = laid(zeros(shape, { device })), values = Array.from(expected.elements, (_, i) => i + 1);
    y.set(indices, tensor(values, { device }).reshape(expected.shape));
    const written = new Array<number>(sizeOf(shape)).fill(0);
    // Of equal positions the last stays.
    expected.elements.forEach((element, i) => written[element] = values[i]!);
    assertEquals([...y.dataSync()], written, `seed ${seed}`);
  }
});
