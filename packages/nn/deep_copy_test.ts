import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Generator, ones, randn, Scope, type Tensor, tensor, zeros } from "@troodon/core";
import * as nn from "./mod.ts";
import { useReference } from "./support_test.ts";

useReference();

const { deepCopy, Linear, Module, Parameter } = nn;

/** A network of all that users keep in fields. */
class Net extends Module {
  first: nn.Linear = new Linear(2, 3);
  blocks: nn.Linear[] = [new Linear(3, 3), new Linear(3, 3)];
  norm: nn.BatchNorm1d = new nn.BatchNorm1d(3);
  scale: nn.Parameter = new Parameter(ones([3]));
  mask: Tensor = tensor([1, 0, 1]);
  sizes: Map<string, number[]> = new Map([["a", [1, 2]]]);
  names: Set<string> = new Set(["x"]);
  table: Float32Array = Float32Array.of(1, 2);
  options: { readonly depth: { readonly of: number } } = { depth: { of: 2 } };
  activation: (x: Tensor) => Tensor = (x) => x.relu();
  draws: Generator = new Generator(3);
  since: Date = new Date(5);
  self: Net = this;
  missing: null = null;
  constructor() {
    super();
    this.registerBuffer("mask", { persistent: false });
  }
  override forward(x: Tensor): Tensor {
    let y = this.activation(this.first.forward(x));
    for (const block of this.blocks) y = block.forward(y);
    return this.norm.forward(y).mul(this.scale).mul(this.mask);
  }
}

Deno.test("deepCopy() copies a module with all that is in its fields", () => {
  const net = new Net(), copy = deepCopy(net), x = randn([4, 2]);
  assert(copy instanceof Net && copy !== net);
  assertEquals(copy.forward(x).tolist(), net.forward(x).tolist());
  assertEquals([...copy.stateDict().keys()], [...net.stateDict().keys()]);
  assertEquals([...copy.namedBuffers()].map(([name]) => name), [...net.namedBuffers()].map(([name]) => name));
  assertStrictEquals(copy.self, copy);
  for (
    const key of ["blocks", "sizes", "names", "table", "options", "draws", "since", "mask", "scale"] as const
  ) {
    assertNotStrictEquals<unknown>(copy[key], net[key], key);
  }
  assertStrictEquals(copy.activation, net.activation);
  assertEquals([copy.sizes, copy.names, copy.table, copy.options, copy.since], [
    net.sizes,
    net.names,
    net.table,
    net.options,
    net.since,
  ]);
  assertEquals(copy.draws.permutation(9), net.draws.permutation(9));
});

Deno.test("deepCopy() gives parameters of their own, which require a gradient where those do, and have none", () => {
  const net = new Net();
  net.first.bias!.requiresGrad = false;
  net.forward(randn([4, 2])).square().sum().backward();
  const copy = net.deepCopy();
  assertEquals([copy.first.bias!.requiresGrad, copy.first.weight.requiresGrad], [false, true]);
  assert(copy.first.bias instanceof Parameter && copy.first.weight.grad === null);
  const before = net.first.weight.tolist();
  copy.forward(randn([4, 2])).square().sum().backward();
  assertNotStrictEquals(copy.first.weight.grad, null);
  copy.requiresGrad_(false);
  copy.first.weight.fill_(0);
  assertEquals([net.first.weight.tolist(), net.first.weight.requiresGrad], [before, true]);
  copy.eval();
  assertEquals([net.training, net.norm.training], [true, true]);
});

Deno.test("deepCopy() keeps tied weights tied among themselves", () => {
  const net = new nn.Sequential(new Linear(2, 2), new Linear(2, 2));
  const [a, b] = [net.at(0) as nn.Linear, net.at(1) as nn.Linear];
  b.weight = a.weight;
  const copy = deepCopy(net), [c, d] = [copy.at(0) as nn.Linear, copy.at(1) as nn.Linear];
  assertStrictEquals(c.weight, d.weight);
  assertNotStrictEquals(c.weight, a.weight);
  assertEquals([...copy.parameters()].length, 3);
});

Deno.test("deepCopy() copies containers", () => {
  const list = new nn.ModuleList([new Linear(1, 2), new Linear(2, 1)]);
  const dict = new nn.ModuleDict({ a: new Linear(1, 1) });
  const parameters = new nn.ParameterList([new Parameter(ones([1]))]);
  const named = new nn.ParameterDict({ w: new Parameter(ones([2])) });
  const copies = [deepCopy(list), deepCopy(dict), deepCopy(parameters), deepCopy(named)] as const;
  assertEquals([copies[0].length, copies[1].size, copies[2].length, copies[3].size], [2, 1, 1, 1]);
  assertStrictEquals(copies[0].at(1), [...copies[0].children()][1]);
  assertNotStrictEquals(copies[0].at(0).weight, list.at(0).weight);
  assertNotStrictEquals(copies[1].get("a"), dict.get("a"));
  assertNotStrictEquals(copies[2].at(0), parameters.at(0));
  assertNotStrictEquals(copies[3].get("w"), named.get("w"));
  copies[0].append(new Linear(1, 1));
  assertEquals([copies[0].length, list.length], [3, 2]);
});

Deno.test("deepCopy() takes hooks along, each to be removed for itself", () => {
  const layer = new Linear(1, 1), seen: string[] = [];
  const hook = layer.registerForwardHook((module) => void seen.push(module === layer ? "layer" : "copy"));
  const copy = deepCopy(layer), x = ones([1, 1]);
  layer.forward(x);
  copy.forward(x);
  assertEquals(seen, ["layer", "copy"]);
  hook[Symbol.dispose]();
  layer.forward(x);
  copy.forward(x);
  assertEquals(seen, ["layer", "copy", "copy"]);
});

Deno.test("deepCopy() of normed weights goes by the fields of the copy", () => {
  for (const norm of [nn.weightNorm, nn.spectralNorm] as const) {
    const layer = norm(new Linear(2, 2)).eval(), copy = deepCopy(layer), x = ones([1, 2]);
    const before = layer.forward(x).tolist();
    assertEquals(copy.forward(x).tolist(), before);
    for (const parameter of copy.parameters()) parameter.requiresGrad_(false).fill_(0.25);
    assertEquals(layer.forward(x).tolist(), before);
    assert(copy.forward(x).tolist()?.toString() !== before?.toString());
  }
});

Deno.test("deepCopy() outlives the scope that it was made in, and leaves nothing behind", () => {
  const net = new Net(), { device } = net.scale, before = device.memory.buffers;
  let copy: Net;
  {
    using _ = new Scope();
    copy = deepCopy(net);
  }
  assertEquals(copy.scale.tolist(), [1, 1, 1]);
  copy.dispose();
  assertEquals(device.memory.buffers, before);
});

class Secret extends Module {
  readonly #width: number;
  readonly #inner: nn.Linear;
  outer: nn.Linear;
  constructor(width: number, inner: nn.Linear = new Linear(width, width)) {
    super();
    this.#width = width;
    this.#inner = inner;
    this.outer = new Linear(width, width);
  }
  protected override emptyCopy(copy: nn.Copier): this {
    return new Secret(this.#width, copy(this.#inner)) as this;
  }
  override forward(x: Tensor): Tensor {
    return this.outer.forward(this.#inner.forward(x)).mul(this.#width);
  }
}

Deno.test("deepCopy() copies classes with private fields that override emptyCopy()", () => {
  const net = new Secret(2), copy = deepCopy(net), x = ones([1, 2]), { device } = net.outer.weight;
  assertEquals(copy.forward(x).tolist(), net.forward(x).tolist());
  const before = device.memory.buffers;
  deepCopy(net.outer);
  assertEquals(device.memory.buffers, before + 2);
  deepCopy(net);
  assertEquals(device.memory.buffers, before + 6, "what the constructor made in vain is freed");
});

Deno.test("deepCopy() keeps what emptyCopy() made of the same fields", () => {
  class Given extends Module {
    readonly #times = 2;
    layer: nn.Linear;
    constructor(layer: nn.Linear) {
      super();
      this.layer = layer;
    }
    protected override emptyCopy(copy: nn.Copier): this {
      return new Given(copy(this.layer)) as this;
    }
    override forward(x: Tensor): Tensor {
      return this.layer.forward(x).mul(this.#times);
    }
  }
  const net = new Given(new Linear(2, 2)), copy = deepCopy(net), x = ones([1, 2]);
  assertNotStrictEquals(copy.layer, net.layer);
  assertEquals(copy.forward(x).tolist(), net.forward(x).tolist());
});

Deno.test("deepCopy() says what cannot be copied, and where it is", () => {
  class Hidden extends Module {
    readonly #secret = 3;
    override forward(x: Tensor): Tensor {
      return x.mul(this.#secret);
    }
  }
  class Cache {
    #hits = 0;
    hit(): number {
      return ++this.#hits;
    }
  }
  class Holder extends Module {
    held: unknown;
    constructor(held: unknown) {
      super();
      this.held = held;
    }
    override forward(x: Tensor): Tensor {
      return x;
    }
  }
  const refuses = (value: unknown, message: string) =>
    assertThrows(() => deepCopy(value), TypeError, `Cannot apply deepCopy() as ${message}`);
  refuses(
    new Hidden(),
    "the value is a Hidden, and nobody else can read the #private fields of Hidden: override emptyCopy()",
  );
  refuses(new nn.Sequential(new Hidden()), "0 is a Hidden");
  refuses(new Holder([1, { cache: new Cache() }]), "held.1.cache is a Cache, and nobody else can read");
  refuses(new Holder(Promise.resolve()), "held is a Promise, which cannot be copied");
  refuses(new Holder(new WeakMap()), "held is a WeakMap");
  const w = new Parameter(zeros([1]));
  refuses(
    new Holder(w.mul(2)),
    "held is a result of MulBackward0, and only tensors that were made by the user",
  );
  const plain = new Holder(
    new (class Point {
      x = [1];
    })(),
  );
  const copied = deepCopy(plain);
  assertEquals(copied.held, plain.held);
  assertNotStrictEquals(copied.held, plain.held);
});

Deno.test("deepCopy() of a plain leaf copies its gradient", () => {
  const x = tensor([1, 2], { requiresGrad: true });
  x.mul(3).sum().backward();
  const copy = deepCopy(x);
  assertEquals([copy.requiresGrad, copy.grad!.tolist()], [true, [3, 3]]);
  assertNotStrictEquals(copy.grad, x.grad);
});

Deno.test("modules of this package have no private fields, which no copy can be given", () => {
  const bases: ReadonlySet<unknown> = new Set([Module, nn.ModuleTree]);
  const found = Object.values(nn).filter((value) =>
    typeof value === "function" && value.prototype instanceof nn.ModuleTree && !bases.has(value) &&
    /\.#[\w$]/.test(value.toString())
  );
  assertEquals(found.map((value) => (value as { name: string }).name), []);
});
