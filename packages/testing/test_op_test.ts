import { assertEquals, assertRejects } from "@std/assert";
import { defineFunction, tape } from "@troodon/autograd";
import {
  Device,
  Generator,
  type KernelCall,
  ReferenceBackend,
  type ReferenceView,
  type Tensor,
  tidySync,
} from "@troodon/core";
import { accumulated, elementwise, expr as e } from "@troodon/core/kernel";
import { given, integers, makeOracle, type OpCase, testOp, uncovered, uniform, unknown } from "./mod.ts";

/** A backend with a fault: it sees other views than those it is given. */
class Faulty extends ReferenceBackend {
  override readonly name = "faulty";
  readonly #fault: (view: ReferenceView) => ReferenceView;

  constructor(fault: (view: ReferenceView) => ReferenceView) {
    super();
    this.#fault = fault;
  }

  override launch(
    call: KernelCall,
    inputs: readonly ReferenceView[],
    outputs: readonly ReferenceView[],
  ): void {
    // Views may be tensors, whose buffer is no property of their own.
    const plain = inputs.map(({ buffer, dtype, shape, strides, offset }) =>
      this.#fault({ buffer, dtype, shape, strides, offset })
    );
    super.launch(call, plain, outputs);
  }
}

const faulty = (fault: (view: ReferenceView) => ReferenceView) => new Device(new Faulty(fault), { tape });

const sample = [uniform([2, 3])];
const sine: OpCase = { name: "sin", op: (x) => x!.sin(), samples: [sample] };

const failure = async (op: OpCase, message: string, ...devices: Device[]): Promise<void> => {
  await assertRejects(() => testOp(op, makeOracle(), devices), Error, message);
};

Deno.test("testOp() passes what is right, and says whether differences were taken", async () => {
  assertEquals(await testOp({ ...sine, inPlace: (x) => x!.sin_() }, makeOracle(), [makeOracle()]), true);
  assertEquals(await testOp({ ...sine, samples: [[uniform([7, 11])]] }, makeOracle(), []), false);
});

Deno.test("testOp() finds a backend that disregards strides, offsets or signs", async () => {
  const upright = faulty((v) => v.shape.length === 2 ? { ...v, strides: [v.shape[1]!, 1] } : v);
  await failure(sine, "strided float32 on faulty: result 0 at", upright);
  await failure(sine, "strided float32 on faulty: result 0 at", faulty((v) => ({ ...v, offset: 0 })));
  const forward = faulty((v) => ({ ...v, strides: v.strides.map(Math.abs) }));
  await failure(
    { ...sine, op: (x, y) => x!.add(y!), samples: [[...sample, ...sample]] },
    "strided float32",
    forward,
  );
  const single = faulty((v) => ({ ...v, strides: v.strides.map((s) => s || 1) }));
  await failure(sine, "repeated float32 on faulty", single);
});

Deno.test("testOp() finds a wrong result, dtype and shape", async () => {
  let calls = 0;
  const off = (change: (y: Tensor) => Tensor): OpCase => ({
    ...sine,
    // Right the first time, which is the oracle's.
    op: (x) => calls++ === 0 ? x!.sin() : change(x!.sin()),
    differentiable: false,
  });
  await failure(off((y) => y.mul(1.0001)), "contiguous float32 on reference: result 0 at [0, 0] is");
  calls = 0;
  await failure(off((y) => y.to("int32")), "is int32 and not float32");
  calls = 0;
  await failure(off((y) => y.t()), "has the shape [3, 2] and not [2, 3]");
});

const cube = (slope: number, constant: boolean) =>
  defineFunction({
    name: "Cube",
    forward(ctx, x) {
      ctx.saveForBackward(x);
      return x.pow(3);
    },
    backward(ctx, g) {
      const x = constant ? ctx.savedTensors[0]!.detach() : ctx.savedTensors[0]!;
      return g.mul(x.mul(x).mul(slope));
    },
  });

Deno.test("testOp() finds wrong gradients of both orders", async () => {
  const op = (f: (x: Tensor) => Tensor): OpCase => ({ name: "cube", op: (x) => f(x!), samples: [sample] });
  assertEquals(await testOp(op(cube(3, false)), makeOracle(), []), true);
  await failure(op(cube(3.001, false)), "cube() of sample 0, float[2, 3]: gradcheck() failed");
  await failure(op(cube(3, true)), "gradgradcheck() failed");
  assertEquals(await testOp({ ...op(cube(3, true)), twice: false }, makeOracle(), []), true);
});

const SAMPLES: OpCase["samples"] = [[uniform([2, 3])]];
const tidied = (f: (x: Tensor) => Tensor) => (x?: Tensor) => tidySync(() => f(x!));

Deno.test("testOp() finds a gradient that is NaN at large arguments", async () => {
  const mish = (x: Tensor) => x.mul(x.exp().log1p().tanh());
  const unstable = { name: "mishOfExp", samples: SAMPLES, largest: 1e20, halves: false };
  await failure({ ...unstable, op: tidied((x) => mish(x.mul(2))) }, "mishOfExp() of operand 0 near 500");
  const x = e.input(0), twice = e.exp(e.mul(2, x));
  const MISH = elementwise({
    name: "mishOfExp",
    kind: "float",
    expr: e.mul(x, e.tanh(e.log1p(twice))),
  });
  await failure(
    { ...unstable, op: (x) => x!.apply(MISH, { scalars: [] }) },
    "mishOfExp() of operand 0 near 500: gradient by operand 0 at 500 is NaN, and differences give 1",
  );
  // Of one operand among others, and of ops of more than elements, which need not say how large arguments may be.
  const second = {
    name: "weighed",
    op: (x: Tensor, y: Tensor) => tidySync(() => x.add(mish(y.mul(2))).sum(0)),
  };
  await failure(
    {
      ...second,
      op: (x, y) => second.op(x!, y!),
      samples: [[uniform([2, 3]), uniform([2, 3])]],
      halves: false,
    },
    "weighed() of operand 0 and 1 near 500: gradient by operand 1",
  );
});

Deno.test("testOp() finds a result that is NaN, and a wrong gradient at large arguments", async () => {
  const fraction = (x: Tensor) => x.exp().div(x.exp().add(1));
  const op: OpCase = { name: "fraction", op: tidied(fraction), samples: SAMPLES, halves: false };
  await failure(op, "fraction() of operand 0 near 10000: a result is NaN");
  // A range says what the function is defined for: no result is no fault then, a gradient of one is.
  const defined = [[uniform([2, 3], 0, 2)]];
  assertEquals(await testOp({ ...op, samples: defined }, makeOracle(), []), true);
  const square = defineFunction({
    name: "Square",
    forward(ctx, x) {
      ctx.saveForBackward(x);
      return x.square();
    },
    backward(ctx, g) {
      return g.mul(ctx.savedTensors[0]!.clamp({ max: 200 }).mul(2));
    },
  });
  const wrong: OpCase = { name: "square", op: (x) => square(x!), samples: SAMPLES };
  await failure(wrong, "square() of operand 0 near 500: gradient by operand 0");
  assertEquals(await testOp({ ...wrong, largest: 100 }, makeOracle(), []), true);
});

Deno.test("testOp() finds what overflows in float32 alone", async () => {
  const length = (x: Tensor) => x.square().add(1).sqrt();
  const op: OpCase = { name: "length", op: tidied(length), samples: SAMPLES, largest: 1e20, halves: false };
  await failure(
    op,
    "length() of operand 0 near 100000000000000000000, float32 on reference: result 0",
    makeOracle(),
  );
  assertEquals(await testOp({ ...op, largest: 1e4 }, makeOracle(), [makeOracle()]), true);
});

Deno.test("testOp() finds steps between which 16 bits are rounded", async () => {
  const length = (x: Tensor) => x.square().add(1).sqrt();
  const op: OpCase = { name: "length", op: tidied(length), samples: SAMPLES };
  await failure(op, "contiguous float16 on reference: result 0 at [1, 2] is");
  assertEquals(await testOp({ ...op, op: (x) => accumulated([x!], length) }, makeOracle(), []), true);
});

Deno.test("testOp() finds a second derivative that is off on one device alone", async () => {
  const fused = (x: Tensor) => x.device.name === "faulty" ? cube(3, true)(x) : x.pow(3);
  const device = faulty((view) => view);
  await failure(
    { name: "cube", op: (x) => fused(x!), samples: [sample] },
    "contiguous float32 on faulty: second derivative by operand 0",
    device,
  );
});

Deno.test("testOp() finds a form in place that differs, or changes nothing", async () => {
  await failure(
    { ...sine, inPlace: (x) => x!.sin_().mul_(1.001) },
    "in place, contiguous on reference: result at [0, 0]",
  );
  await failure({ ...sine, inPlace: (x) => x!.sin() }, "the result must be the operand");
});

Deno.test("testOp() finds memory that is not given back", async () => {
  await failure({ ...sine, op: (x) => x!.sin().add(x!.mul(0).adopt()) }, "buffers were not freed");
});

Deno.test("testOp() finds temporaries that nobody frees but a scope around the call", async () => {
  await failure(
    { ...sine, op: (x) => x!.mul(1).sin() },
    "not recorded: buffers of results and history must be 1: current number is 2",
  );
  // The history holds the operand of sin(), and would hold it without its handle.
  await failure(
    {
      ...sine,
      op: (x) => x!.requiresGrad ? x!.add(1).sin().add(0) : tidySync(() => x!.add(1).sin().add(0)),
      halves: false,
    },
    ", recorded: buffers of results and history must be 2: current number is 3",
  );
  await failure(
    { ...sine, op: (x) => (x!.reshape([-1]), x!.sin()) },
    "handles left on the operands must be 0",
  );
  await failure(
    { ...sine, inPlace: (x) => (x!.mul(2), x!.sin_()) },
    "in place, contiguous on reference: buffers of results and history must be 0: current number is 1",
  );
});

Deno.test("uncovered() and unknown() name what is missing and what is too much", () => {
  const missing = uncovered([sine]);
  assertEquals([missing.includes("cos"), missing.includes("sin"), missing.includes("sin_")], [
    true,
    false,
    true,
  ]);
  assertEquals(unknown([sine, { ...sine, name: "sine" }]), ["sine"]);
});

Deno.test("operands are the same each time", () => {
  for (const operand of [uniform([5]), integers([5], -3, 3), given([1, 2])]) {
    assertEquals(operand.draw(new Generator(1)), operand.draw(new Generator(1)));
  }
});
