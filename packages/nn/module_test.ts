import { assert, assertEquals, assertStrictEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { noGrad } from "@troodon/autograd";
import { ones, Scope, type Tensor, tensor, zeros } from "@troodon/core";
import {
  AvgPool2d,
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  Embedding,
  Flatten,
  GELU,
  LayerNorm,
  LeakyReLU,
  Linear,
  LogSoftmax,
  LSTM,
  MaxPool2d,
  Module,
  ModuleList,
  Parameter,
  ReLU,
  Sequential,
} from "./mod.ts";
import { useReference } from "./support_test.ts";

class Net extends Module {
  conv1 = new Conv2d(1, 6, 5);
  fc1 = new Linear(4, 3, { bias: false });
  layers = new ModuleList([new Linear(2, 2), new ReLU()]);
  seq = new Sequential(
    new Conv2d(3, 4, [3, 5], { stride: 2, padding: 1 }),
    new BatchNorm2d(4),
    new MaxPool2d(2),
    new MaxPool2d([2, 3], { stride: [2, 1] }),
    new Dropout(0.3),
    new Flatten(),
    new LeakyReLU(0.2),
    new GELU(),
    new LogSoftmax(1),
    new AvgPool2d(2),
  );
  norm = new LayerNorm([3, 4]);
  emb = new Embedding(5, 3, { paddingIdx: 1 });
  bn = new BatchNorm1d(3);

  override forward(x: Tensor): Tensor {
    return x;
  }
}

// Printed by PyTorch for the same network.
const PRINTED = `Net(
  (conv1): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))
  (fc1): Linear(in_features=4, out_features=3, bias=False)
  (layers): ModuleList(
    (0): Linear(in_features=2, out_features=2, bias=True)
    (1): ReLU()
  )
  (seq): Sequential(
    (0): Conv2d(3, 4, kernel_size=(3, 5), stride=(2, 2), padding=(1, 1))
    (1): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
    (2): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
    (3): MaxPool2d(kernel_size=(2, 3), stride=(2, 1), padding=0, dilation=1, ceil_mode=False)
    (4): Dropout(p=0.3, inplace=False)
    (5): Flatten(start_dim=1, end_dim=-1)
    (6): LeakyReLU(negative_slope=0.2)
    (7): GELU(approximate='none')
    (8): LogSoftmax(dim=1)
    (9): AvgPool2d(kernel_size=2, stride=2, padding=0)
  )
  (norm): LayerNorm((3, 4), eps=1e-05, elementwise_affine=True, bias=True)
  (emb): Embedding(5, 3, padding_idx=1)
  (bn): BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
)`;

// The keys of PyTorch's state dictionary.
const NAMES = [
  ...["conv1.weight", "conv1.bias", "fc1.weight", "layers.0.weight", "layers.0.bias", "seq.0.weight"],
  ...["seq.0.bias", "seq.1.weight", "seq.1.bias", "seq.1.running_mean", "seq.1.running_var"],
  ...["seq.1.num_batches_tracked", "norm.weight", "norm.bias", "emb.weight", "bn.weight", "bn.bias"],
  ...["bn.running_mean", "bn.running_var", "bn.num_batches_tracked"],
];

Deno.test("toString() writes a network as PyTorch does", () => {
  useReference();
  assertEquals(new Net().toString(), PRINTED);
  assertEquals(Deno.inspect(new Net()), PRINTED);
});

Deno.test("stateDict() names parameters and buffers as PyTorch does", () => {
  useReference();
  assertEquals([...new Net().stateDict().keys()], NAMES);
});

Deno.test("loadStateDict() copies values into the tensors that are there", () => {
  useReference();
  const a = new Linear(2, 3), b = new Linear(2, 3);
  const kept = b.weight;
  b.loadStateDict(a.stateDict());
  assert(b.weight === kept);
  assertEquals(b.weight.tolist(), a.weight.tolist());
  assert(b.weight.requiresGrad && b.weight.isLeaf);
});

Deno.test("loadStateDict() takes a record of tensors, and no checkpoint", () => {
  useReference();
  const net = new Linear(2, 1);
  net.loadStateDict({ weight: ones([1, 2]), bias: ones([1]) });
  assertEquals([net.weight.tolist(), net.bias?.tolist()], [[[1, 1]], [1]]);
  const checkpoint = { model: net.stateDict(), epoch: 3 } as unknown as Record<string, Tensor>;
  assertThrows(
    () => net.loadStateDict(checkpoint),
    TypeError,
    'Cannot load the state into Linear as it must hold tensors by name: it holds "model"',
  );
});

Deno.test("loadStateDict() names everything that differs at once and copies nothing", () => {
  useReference();
  const net = new Linear(2, 3), before = net.weight.tolist();
  const state = new Map([["weight", zeros([2, 2])], ["extra", zeros([1])]]);
  const error = assertThrows(() => net.loadStateDict(state), RangeError);
  for (const part of ["missing: bias", "unexpected: extra", "weight is [2, 2] where the module has [3, 2]"]) {
    assertStringIncludes(error.message, part);
  }
  assertEquals(net.weight.tolist(), before);
  const partial = new Map([["bias", ones([3])], ["extra", zeros([1])]]);
  assertEquals(net.loadStateDict(partial, { strict: false }), { missing: ["weight"], unexpected: ["extra"] });
  assertEquals(net.bias?.tolist(), [1, 1, 1]);
});

Deno.test("loadStateDict() lists ten names of many that differ, and counts the others", () => {
  useReference();
  const net = new Sequential(...Array.from({ length: 6 }, () => new Linear(1, 1)));
  const { message } = assertThrows(() => net.loadStateDict(new Map()), RangeError);
  assertEquals(
    message.split("missing: ")[1],
    [0, 1, 2, 3, 4].map((i) => `${i}.weight, ${i}.bias`).join(", ") + ", and 2 more",
  );
});

Deno.test("parameters() gives a shared parameter once", () => {
  useReference();
  class Tied extends Module {
    a = new Linear(2, 2, { bias: false });
    b = this.a;
    override forward(x: Tensor): Tensor {
      return this.b.forward(this.a.forward(x));
    }
  }
  assertEquals([...new Tied().parameters()].length, 1);
});

Deno.test("parameters() keeps what is frozen", () => {
  useReference();
  const net = new Linear(2, 2).requiresGrad_(false);
  assertEquals([...net.parameters()].map((p) => p.requiresGrad), [false, false]);
  assertEquals(net.requiresGrad_().weight.requiresGrad, true);
});

Deno.test("eval() reaches all modules below", () => {
  useReference();
  const net = new Net().eval();
  assert([...net.modules()].every((m) => !m.training));
  assert([...net.train().modules()].every((m) => m.training));
});

Deno.test("zeroGrad() forgets gradients and gives their memory back", () => {
  const device = useReference();
  const net = new Linear(2, 1);
  const x = ones([1, 2]);
  const before = device.memory.buffers;
  {
    using _ = new Scope();
    net.forward(x).sum().backward();
  }
  assertEquals(net.weight.grad?.tolist(), [[1, 1]]);
  net.zeroGrad();
  assertEquals(net.weight.grad, null);
  assertEquals(device.memory.buffers, before);
});

Deno.test("Parameter() outlives the scope it is made in", () => {
  useReference();
  let net: Linear;
  {
    using _ = new Scope();
    net = new Linear(2, 1);
  }
  assertEquals(net.weight.isDisposed, false);
});

Deno.test("Parameter() refuses integers", () => {
  useReference();
  assertThrows(() => new Parameter(tensor([1], { dtype: "int32" })), TypeError, "must be floating");
});

Deno.test("ModuleList() is a list and no function", () => {
  useReference();
  const list = new ModuleList([new ReLU(), new Flatten()]);
  assertEquals(list.length, 2);
  assert(list.at(-1) instanceof Flatten);
  assertThrows(() => list.at(2), RangeError);
  assertThrows(() => list.forward(), TypeError, "Sequential");
});

Deno.test("registerBuffer() wants a tensor, and may leave it out of the state", () => {
  useReference();
  class Holder extends Module {
    seen = zeros([2]);
    hidden = zeros([3]);
    none = 1;
    constructor() {
      super();
      this.registerBuffer("seen");
      this.registerBuffer("hidden", { persistent: false });
      assertThrows(() => this.registerBuffer("none"), TypeError, '"none"');
    }
    override forward(x: Tensor): Tensor {
      return x;
    }
  }
  const holder = new Holder();
  assertEquals([...holder.stateDict().keys()], ["seen"]);
  assertEquals([...holder.namedBuffers()].map(([name]) => name), ["seen", "hidden"]);
});

Deno.test("apply() visits children first", () => {
  useReference();
  const names: string[] = [];
  new Sequential(new ReLU(), new Flatten()).apply((m) => names.push(m.constructor.name));
  assertEquals(names, ["ReLU", "Flatten", "Sequential"]);
});

Deno.test("dispose() gives all memory back", () => {
  const device = useReference();
  const net = new Net();
  using _ = noGrad();
  net.dispose();
  assertEquals(device.memory.buffers, 0);
});

class Shared extends Module {
  a: Linear = new Linear(2, 2);
  b: Linear = this.a;
  c: Linear = new Linear(2, 2);
  constructor() {
    super();
    this.c.weight.dispose();
    this.c.weight = this.a.weight;
  }
  override forward(x: Tensor): Tensor {
    return this.c.forward(this.b.forward(this.a.forward(x)));
  }
}

Deno.test("stateDict() has what is shared under all its names, parameters() once", () => {
  useReference();
  const net = new Shared();
  assertEquals([...net.stateDict().keys()], [
    "a.weight",
    "a.bias",
    "b.weight",
    "b.bias",
    "c.weight",
    "c.bias",
  ]);
  assertEquals([...net.namedParameters()].map(([name]) => name), ["a.weight", "a.bias", "c.bias"]);
  assertStrictEquals(net.stateDict().get("c.weight"), net.a.weight);
});

Deno.test("stateDict() ends where a module holds itself", () => {
  useReference();
  class Ring extends Module {
    layer: Linear = new Linear(1, 1);
    self: Ring = this;
    override forward(x: Tensor): Tensor {
      return this.layer.forward(x);
    }
  }
  assertEquals([...new Ring().stateDict().keys()], ["layer.weight", "layer.bias"]);
});

Deno.test("loadStateDict() takes a shared tensor under any or all of its names", () => {
  useReference();
  const [from, to] = [new Shared(), new Shared()];
  assertEquals(to.loadStateDict(from.stateDict()), { missing: [], unexpected: [] });
  assertEquals(to.a.weight.tolist(), from.a.weight.tolist());
  const once = new Map(
    [...from.stateDict()].filter(([name]) => !name.startsWith("b.") && name !== "a.weight"),
  );
  assertEquals(to.loadStateDict(once), { missing: [], unexpected: [] });
  once.delete("c.weight");
  assertThrows(() => to.loadStateDict(once), RangeError, "missing: a.weight, b.weight, c.weight");
});

Deno.test("Module() is called as a function, by the types of its forward()", () => {
  useReference();
  class Scaled extends Module<[x: Tensor, factor?: number]> {
    #calls = 0;
    override forward(x: Tensor, factor = 2): Tensor {
      this.#calls++;
      return x.mul(factor);
    }
    get calls(): number {
      return this.#calls;
    }
  }
  const net = new Scaled(), x = tensor([1, 2]);
  const twice: Tensor = net(x);
  assertEquals([twice.tolist(), net(x, 5).tolist(), net.calls], [[2, 4], [5, 10], 2]);
  // @ts-expect-error A factor is a number.
  assertThrows(() => net(x, [[1, 2], "3"]));
  const length: number = new LSTM(2, 3)(zeros([4, 1, 2]))[0].shape[0]!;
  assertEquals(length, 4);
});

Deno.test("Module() called as a function runs the hooks", () => {
  useReference();
  const net = new Linear(2, 2), seen: string[] = [];
  net.registerForwardPreHook(() => void seen.push("before"));
  using hook = net.registerForwardHook((_, __, y) => y.mul(0));
  assertEquals([net(zeros([1, 2])).tolist(), seen], [[[0, 0]], ["before"]]);
  hook[Symbol.dispose]();
});

Deno.test("Module() leaves the names of functions' fields to subclasses, in plain JavaScript too", () => {
  useReference();
  class Named extends ReLU {
    declare name: string;
    declare length: number;
    constructor() {
      super();
      this.name = "first";
      this.length = 3;
    }
  }
  const named = new Named();
  assertEquals([named.name, named.length, Object.keys(named)], ["first", 3, ["training", "name", "length"]]);
  assertEquals(["name" in new ReLU(), "length" in new ReLU()], [false, false]);
});

Deno.test("Module() takes as many inputs as forward() has parameters, and any number where these have defaults", () => {
  useReference();
  class Strict extends Module {
    override forward(x: Tensor): Tensor {
      return x;
    }
  }
  class Default extends Module<[x: Tensor, scale?: number]> {
    override forward(x: Tensor, scale = 2): Tensor {
      return x.mul(scale);
    }
  }
  class Destructured extends Module<[x: Tensor, options?: { readonly scale?: number }]> {
    override forward(x: Tensor, { scale = 1 }: { readonly scale?: number } = {}): Tensor {
      return x.mul(scale);
    }
  }
  class Rest extends Module {
    override forward(...xs: Tensor[]): Tensor {
      return xs.reduce((a, b) => a.add(b));
    }
  }
  class Arguments extends Module {
    override forward(x: Tensor): Tensor {
      return x.mul(arguments.length);
    }
  }
  const x = ones([1]), wrong = new Strict() as unknown as (...given: unknown[]) => Tensor;
  assertThrows(() => wrong(x, x), TypeError, "Cannot call Strict as it takes 1 tensor: current ones are");
  assertEquals([x].map(wrong)[0]!.item(), 1);
  assertEquals(new Default()(x, 3).item(), 3);
  assertEquals(new Destructured()(x, { scale: 4 }).item(), 4);
  assertEquals(new Rest()(x, x, x).item(), 3);
  const counted = new Arguments() as unknown as (...given: unknown[]) => Tensor;
  assertEquals(counted(x, x).item(), 2);
});
