/** Losses reject the shapes that PyTorch rejects or warns about, and accept the others. */
import { assertEquals } from "@std/assert";
import * as core from "@troodon/core";
import { Device, ones, ReferenceBackend, Scope, setDefaultDevice, type Tensor, zeros } from "@troodon/core";
import refused from "./reference/refused_losses.json" with { type: "json" };

setDefaultDevice(new Device(new ReferenceBackend()));

type Loss = (...operands: readonly Tensor[]) => Tensor;

/** Losses with a different calling convention than in the file. */
const OTHERWISE: Readonly<Record<string, Loss>> = {
  binaryCrossEntropy: (x, y) => core.binaryCrossEntropy(x!.mul(0.5), y!),
  klDiv: (x, y) => core.klDiv(x!, y!, { reduction: "sum" }),
};

const rows: readonly { op: string; shapes: number[][]; classes?: boolean; error: boolean }[] = refused.rows;

/** Returns true if a loss rejects operands of these shapes. */
function refuses({ op, shapes, classes = false }: (typeof rows)[number]): boolean {
  using _ = new Scope();
  const loss = OTHERWISE[op] ?? Reflect.get(core, op) as Loss;
  const operands = shapes.map((shape, i) =>
    classes && i === 1 ? zeros(shape, { dtype: "int64" }) : ones(shape)
  );
  try {
    loss(...operands);
    return false;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("Cannot ")) return true;
    throw error;
  }
}

const shown = ({ shapes }: (typeof rows)[number]): string => shapes.map((shape) => `[${shape}]`).join(" ");

for (const op of new Set(rows.map((row) => row.op))) {
  // Losses may reject shapes that PyTorch broadcasts or batches silently: only equal shapes with an axis must
  // be accepted.
  Deno.test(`${op}() refuses the shapes that PyTorch refuses or warns of`, () => {
    const of = rows.filter((row) => row.op === op);
    assertEquals(of.filter((row) => row.error && !refuses(row)).map(shown), []);
    const equal = of.filter(({ shapes, classes }) =>
      !classes && shapes[0]!.length > 0 && shapes.every((shape) => `${shape}` === `${shapes[0]}`)
    );
    assertEquals(equal.filter((row) => !row.error && refuses(row)).map(shown), []);
  });
}
