/** Operands that only programs without type checks give to ops: each error says what to write. */
import { assertEquals, assertThrows } from "@std/assert";
import * as core from "./mod.ts";
import { Device, ReferenceBackend, tensor } from "./mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[1, 2], [3, 4]], { device });
// Hides the type of a value from the compiler, as in a program without types.
const untyped = (value: unknown): never => value as never;

Deno.test("operators of JavaScript say what to write", () => {
  const y: unknown = x;
  const plus =
    "Cannot apply + or == to a tensor as JavaScript has them for numbers and text alone: write x.add(y)";
  const number =
    "Cannot take a tensor for a number as operators of JavaScript are for numbers alone: write x.sub(y)";
  const operators: [string, () => unknown][] = [
    [plus, () => (y as number) + 1],
    [plus, () => "loss: " + y],
    [plus, () => (y as number) == 1],
    [number, () => (y as number) - 1],
    [number, () => (y as number) * 2],
    [number, () => (y as number) / 2],
    [number, () => (y as number) ** 2],
    [number, () => -(y as number)],
    [number, () => (y as number) > 1],
    [number, () => (y as number) <= 1],
    [number, () => Number(y)],
    [number, () => Math.max(y as number, 1)],
  ];
  for (const [message, operator] of operators) assertThrows(operator, TypeError, message);
  assertEquals(`${y}`, x.toString());
  assertEquals(String(y), x.toString());
});

Deno.test("ops of two tensors say what they were given", () => {
  assertThrows(
    () => x.add(untyped("2")),
    TypeError,
    'Cannot apply add() as operands must be tensors: current ones are a tensor of shape [2, 2] and "2"',
  );
  assertThrows(() => x.mul(untyped(undefined)), TypeError, "a tensor of shape [2, 2] and undefined");
  assertThrows(
    () => x.eq(untyped([1, 2])),
    TypeError,
    "a tensor of shape [2, 2] and [1, 2], make one by tensor([1, 2])",
  );
  assertThrows(() => x.add_(untyped(null)), TypeError, "Cannot apply add_() as operands must be tensors");
});

for (
  const [name, f] of Object.entries({
    cat: core.cat,
    stack: core.stack,
    hstack: core.hstack,
    vstack: core.vstack,
    dstack: core.dstack,
    columnStack: core.columnStack,
    blockDiag: core.blockDiag,
    cartesianProd: core.cartesianProd,
    broadcastTensors: core.broadcastTensors,
    meshgrid: core.meshgrid,
    multiDot: core.linalg.multiDot,
  })
) {
  Deno.test(`${name}() says that it takes a list of tensors`, () => {
    assertThrows(
      () => f(untyped(x)),
      TypeError,
      `Cannot apply ${name}() as tensors must be given as a list: write ${name}([a, b]), current argument is a tensor of`,
    );
    assertThrows(() => f(untyped([x, 3])), TypeError, "current argument is [a tensor of shape [2, 2], 3]");
    assertThrows(
      () => f(untyped(undefined)),
      TypeError,
      "as there must be a list of tensors: current argument is undefined",
    );
  });
}
