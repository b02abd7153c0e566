import { assert, assertEquals } from "@std/assert";
import { tensor } from "@troodon/core";
import { joined } from "./joined.ts";
import { Linear, MaxPool2d, type Module, ReLU, Sequential } from "./mod.ts";
import { useReference } from "./support_test.ts";

const IMAGE = [
  [1, -2, -0, -1, 5],
  [3, 3, -4, 0, NaN],
  [-1, -1, 2, NaN, -3],
  [-2, -5, 1, 7, -Infinity],
  [-1, 2, 0, -1, -6],
];

/** What comes out, and the gradient of what went in. */
function results(x: number[][], modules: readonly Module[], through: "one by one" | "Sequential") {
  const input = tensor([[x]], { requiresGrad: true });
  const y = through === "Sequential"
    ? new Sequential(...modules).forward(input)
    : modules.reduce((x, module) => module.forward(x), input);
  y.backward(tensor(Array.from({ length: y.numel() }, (_, i) => i - 1)).reshape(y.shape));
  return [y.gradFn?.name, y.tolist(), input.grad!.tolist()];
}

Deno.test("joined() pools relu(x) without making it, with the same values and gradients", () => {
  useReference();
  for (
    const pool of [
      new MaxPool2d(2),
      new MaxPool2d(3, { stride: 1 }),
      new MaxPool2d(2, { padding: 1, stride: 2 }),
    ]
  ) {
    const modules = [new ReLU(), pool];
    assert(joined(modules[0]!, pool) !== null);
    assertEquals(results(IMAGE, modules, "Sequential"), results(IMAGE, modules, "one by one"));
  }
});

Deno.test("joined() leaves modules alone whose outputs somebody sees, or that are of another class", () => {
  useReference();
  const relu = new ReLU(), pool = new MaxPool2d(2), seen: unknown[] = [];
  {
    using _ = relu.registerForwardHook((_, _inputs, y) => void seen.push(y.shape));
    new Sequential(relu, pool).forward(tensor([[IMAGE]]));
    assertEquals(seen, [[1, 1, 5, 5]]);
  }
  class Other extends ReLU {
    override forward(x: Parameters<ReLU["forward"]>[0]): ReturnType<ReLU["forward"]> {
      return x.neg();
    }
  }
  assertEquals(joined(new Other(), pool), null);
  assertEquals(joined(relu, relu), null);
  assertEquals(joined(relu, undefined), null);
  assertEquals(joined(pool, relu), null);
});

Deno.test("joined() rectifies what a linear layer gives in one kernel, with the same values and gradients", () => {
  useReference();
  const layer = new Linear(5, 7), relu = new ReLU(), modules = [layer, relu];
  assert(joined(layer, relu) !== null);
  const run = (through: "one by one" | "Sequential") => {
    const found = results(IMAGE, modules, through), grads = layer.weight.grad!.tolist();
    layer.zeroGrad();
    return [...found, grads];
  };
  assertEquals(run("Sequential"), run("one by one"));
  assertEquals(joined(new Linear(5, 7, { bias: false }), relu)!(tensor([IMAGE[0]!])).shape, [1, 7]);
  const seen: unknown[] = [];
  using _ = layer.registerForwardHook((_, _inputs, y) => void seen.push(y.shape));
  assertEquals(joined(layer, relu), null);
  layer.forwardRelu(tensor([IMAGE[0]!]));
  assertEquals(seen, [[1, 7]]);
});
