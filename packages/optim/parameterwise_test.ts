import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type BackendLaunch,
  Device,
  type DType,
  ReferenceBackend,
  type ReferenceBuffer,
  type Tensor,
  tensor,
  zeros,
} from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { Adam, AdamW, type GroupOptions, LBFGS, type Optimizer, type ParameterState, SGD } from "./mod.ts";
import { countStep, ParameterwiseOptimizer } from "./parameterwise.ts";

/** Counts what it is given at once. */
class Counting extends ReferenceBackend {
  readonly counts: number[] = [];
  launchAll(launches: readonly BackendLaunch<ReferenceBuffer>[]): void {
    this.counts.push(launches.length);
    for (const { call, inputs, outputs } of launches) this.launch(call, inputs, outputs);
  }
}

function leaf(device: Device, values: number[], gradient: number[] | null, dtype: DType = "float32"): Tensor {
  const t = tensor(values, { device, dtype });
  if (gradient) t.grad = tensor(gradient, { device, dtype });
  return t;
}

Deno.test("ParameterwiseOptimizer hands each device all parameters with a gradient at once", () => {
  const backends = [new Counting(), new Counting()],
    [a, b] = backends.map((b) => new Device(b)) as [Device, Device];
  const make = (): Tensor[] => [
    leaf(a, [1, 2], [1, -1]),
    leaf(b, [3], [2]),
    leaf(a, [4], null),
    leaf(a, [5, 6, 7], [1, 0, 2], "float64"),
    leaf(b, [8], [-1], "float16"),
    leaf(a, [], []),
  ];
  const together = make(), alone = make(), optimizer = new Adam(together, { lr: 0.5 });
  for (let i = 0; i < 3; i++) optimizer.step();
  assertEquals(backends.map(({ counts }) => counts), [[3, 3, 3], [2, 2, 2]]);
  for (const t of alone) {
    const own = new Adam([t], { lr: 0.5 });
    for (let i = 0; i < 3; i++) own.step();
  }
  assertEquals(together.map((t) => t.tolist()), alone.map((t) => t.tolist()));
  assertEquals(Object.keys(optimizer.stateDict().state), ["0", "1", "3", "4", "5"]);
  assertEquals(Object.keys(optimizer.stateDict().state[0]!), ["step", "expAvg", "expAvgSq"]);
});

Deno.test("ParameterwiseOptimizer launches nothing, and keeps nothing, without gradients", () => {
  const backend = new Counting();
  using device = new Device(backend);
  const optimizer = new Adam([leaf(device, [1], null)]);
  optimizer.step();
  assertEquals([backend.counts.length, optimizer.state.size], [0, 0]);
});

Deno.test("ParameterwiseOptimizer steps with each of the tensors that share memory", () => {
  using device = new Device(new ReferenceBackend());
  const x = leaf(device, [10, 20], [1, 2]), y = x.detach(), grad = x.grad!;
  y.grad = grad;
  new SGD([x, y], { lr: 1, momentum: 0.5 }).step();
  assertEquals(x.tolist(), [8, 16]);
});

Deno.test("ParameterwiseOptimizer sees options that change, parameter by parameter", () => {
  using device = new Device(new ReferenceBackend());
  const [x, y, z] = [leaf(device, [1], [1]), leaf(device, [1], null), leaf(device, [1], [1])];
  const both = new Adam([x!, y!]), alone = new Adam([z!]);
  const step = (optimizer: Optimizer, lr: number): void => {
    optimizer.paramGroups[0]!.lr = lr;
    optimizer.step();
  };
  step(both, 0.1);
  y!.grad = tensor([1], { device });
  x!.grad = null;
  // y takes its first step with another rate than x had in its first.
  step(both, 0.3);
  step(alone, 0.3);
  assertEquals(y!.item(), z!.item());
  assert(x!.item() > 0.85);
});

Deno.test("ParameterwiseOptimizer has made the steps before one that is refused", () => {
  using device = new Device(new ReferenceBackend());
  const [x, y] = [leaf(device, [1], [1]), leaf(device, [1], [1, 2])] as const;
  assertThrows(() => new SGD([x, y], { lr: 0.5 }).step(), RangeError, "[2] and [1]");
  assertEquals([x.item(), y.item()], [0.5, 1]);
});

Deno.test("Adam leaves out what does nothing, and takes it in when it does", () => {
  using device = new Device(new ReferenceBackend());
  for (const make of [Adam, AdamW]) {
    const [x, y] = [
      leaf(device, [1, -2], [0.3, 0.1], "float64"),
      leaf(device, [1, -2], [0.3, 0.1], "float64"),
    ];
    const [none, little] = [new make([x!], { weightDecay: 0 }), new make([y!], { weightDecay: 1e-12 })];
    for (let i = 0; i < 3; i++) [none, little].forEach((optimizer) => optimizer.step());
    const [a, b] = [x!, y!].map((t) => t.tolist() as number[]) as [number[], number[]];
    a.forEach((n, i) => assert(Math.abs(n - b[i]!) < 1e-9));
    little.paramGroups[0]!.weightDecay = 0.5;
    little.step();
    none.step();
    assert((y!.tolist() as number[])[1]! > (x!.tolist() as number[])[1]! + 1e-5);
  }
});

Deno.test("Adam's mean comes to rest above the subnormal numbers, and as PyTorch's until then", () => {
  using device = new Device(new CpuBackend());
  const x = leaf(device, [1, 1, 1], [1, -3, 1e-12]), optimizer = new Adam([x]);
  optimizer.step();
  const mean = optimizer.state.get(x)!["expAvg"] as Tensor, first = mean.tolist() as number[];
  x.grad = zeros([3], { device });
  for (let i = 1; i <= 1000; i++) {
    optimizer.step();
    if (i > 200) continue;
    (mean.tolist() as number[]).forEach((m, k) =>
      assert(Math.abs(m - first[k]! * 0.9 ** i) <= 1e-4 * Math.abs(m) + 2 ** -97)
    );
  }
  for (const m of mean.tolist() as number[]) assert(m === 0 || Math.abs(m) >= 2 ** -100);
});

Deno.test("ParameterwiseOptimizer.shared() calculates once for the parameters of a group that have made as many steps", () => {
  using device = new Device(new ReferenceBackend());
  let calls = 0;
  class Counted extends ParameterwiseOptimizer {
    protected override check(): void {}
    protected override update(p: Tensor, _: Tensor, options: GroupOptions, state: ParameterState): void {
      const found = this.shared(options, countStep(state), ({ lr }, steps) => [++calls, lr, steps]);
      p.fill_(found[1]! + found[2]!);
    }
  }
  const [a, b, c] = [leaf(device, [1], [1]), leaf(device, [2], [1]), leaf(device, [3], [1])];
  const optimizer = new Counted([{ params: [a!, b!] }, { params: c!, lr: 0.25 }], { lr: 0.5 });
  optimizer.step();
  assertEquals([calls, a!.item(), b!.item(), c!.item()], [2, 1.5, 1.5, 1.25]);
  b!.grad = null;
  optimizer.step();
  b!.grad = a!.grad;
  optimizer.step();
  assertEquals([calls, a!.item(), b!.item(), c!.item()], [7, 3.5, 2.5, 3.25]);
});

for (const Kind of [SGD, Adam, LBFGS]) {
  Deno.test(`${Kind.name}.step() refuses a closure that awaits, and changes nothing`, () => {
    using device = new Device(new ReferenceBackend());
    const x = leaf(device, [1, 2], [1, 1]), optimizer = new Kind([x]);
    const closure = async (): Promise<Tensor> => {
      await Promise.resolve();
      return x;
    };
    assertThrows(() => optimizer.step(closure as unknown as () => Tensor), TypeError, "promise");
    assertEquals(x.tolist(), [1, 2]);
  });
}
