import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { isGradEnabled, tape } from "@troodon/autograd";
import {
  defaultGenerator,
  Device,
  Generator,
  ones,
  rand,
  ReferenceBackend,
  setDefaultDevice,
  type Tensor,
  zeros,
} from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import {
  BatchNorm1d,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  Embedding,
  Linear,
  Module,
  ModuleList,
  Parameter,
  ReLU,
  Sequential,
} from "@troodon/nn";
import { LeNet } from "@troodon/models";
import { setUp } from "../testdata/line.ts";
import { summary } from "./summary.ts";

/** Modes in which a {@linkcode Restless} was called. */
const heard: (readonly [training: boolean, gradients: boolean])[] = [];

/** A network that changes as it is called, whatever its mode. */
class Restless extends Module {
  fc = new Linear(2, 3);
  norm = new BatchNorm1d(3);
  frozen = new Dropout();
  calls = 0;
  state: Tensor | null = null;
  count = zeros([1]);
  replaced = zeros([1]);

  constructor() {
    super();
    this.registerBuffer("count");
    this.registerBuffer("replaced");
  }

  override forward(x: Tensor): Tensor {
    this.calls++;
    heard.push([this.training, isGradEnabled()]);
    this.count.add_(1);
    this.replaced = this.replaced.add(1);
    this.norm.train();
    this.state = this.norm(this.fc(x));
    Reflect.set(this, "added", 1);
    return this.state.add(rand(this.state.shape)).mul(defaultGenerator().random());
  }
}

Deno.test("summary() leaves mode, fields, buffers, gradients, memory and random numbers as they were", () => {
  const device = new Device(new ReferenceBackend(), { tape, generator: new Generator(3) });
  setDefaultDevice(device);
  const net = new Restless();
  net.frozen.eval();
  const x = ones([4, 2]), { replaced } = net, before = { ...device.memory };
  const state = () => ({
    numbers: JSON.stringify(net),
    modes: [...net.modules()].map(({ training }) => training),
    fields: [...net.modules()].map((module) => Object.keys(module)),
    grads: [...net.parameters()].map(({ grad }) => grad),
    generators: [device.generator.getState(), defaultGenerator().getState()],
    plain: [net.calls, net.state],
    hooks: Object.hasOwn(net, "forward"),
  });
  const known = state();
  heard.length = 0;
  summary(net, x);
  assertEquals(heard, [[false, false]]);
  assertEquals(state(), known);
  assertStrictEquals(net.replaced, replaced);
  summary(net, [4, 2]);
  // Less, as intermediate results of the setup may be collected meanwhile.
  assert(device.memory.buffers <= before.buffers && device.memory.bytes <= before.bytes);
  assertEquals(state(), known);
});

class Failing extends Module {
  inner = new Restless();
  override forward(x: Tensor): Tensor {
    this.inner(x);
    throw new RangeError("Cannot go on");
  }
}

Deno.test("summary() leaves a network as it was whose call fails", () => {
  const { device } = setUp(), net = new Failing(), known = JSON.stringify(net), { buffers } = device.memory;
  assertThrows(() => summary(net, [4, 2]), RangeError, "Cannot go on");
  assertEquals([JSON.stringify(net), net.training, net.inner.calls], [known, true, 0]);
  assertEquals(Object.hasOwn(net.inner, "forward"), false);
  assert(device.memory.buffers <= buffers);
});

for (const backend of [new ReferenceBackend(), new CpuBackend()]) {
  Deno.test(`summary() counts the multiply-adds of convolutions and products on ${backend.name}`, () => {
    const device = new Device(backend, { tape });
    setDefaultDevice(device);
    const net = new Sequential(
      new Conv2d(4, 8, 3, { groups: 4, padding: 1, bias: false }),
      new ConvTranspose2d(8, 2, 2, { stride: 2 }),
    );
    assertEquals(summary(net, [2, 4, 6, 6]).layers.map(({ multiplyAdds }) => multiplyAdds), [
      0,
      2 * 8 * 6 * 6 * 9,
      2 * 8 * 6 * 6 * 2 * 4,
    ]);
    // Half of the value of PyTorch's FlopCounterMode.
    assertEquals(summary(new LeNet(), [1, 1, 28, 28]).totals.multiplyAdds, 416_520);
    assertEquals(summary(new Linear(5, 7), [2, 3, 5]).totals.multiplyAdds, 2 * 3 * 5 * 7);
  });
}

/** The products of all rows of what a layer gives. */
class Gram extends Module {
  fc = new Linear(2, 5);
  override forward(x: Tensor): Tensor {
    const y = this.fc(x);
    return y.matmul(y.transpose(0, 1));
  }
}

Deno.test("summary() gives products outside of all layers to the module that calculates them", () => {
  setUp();
  assertEquals(summary(new Gram(), [3, 2]).layers.map(({ multiplyAdds }) => multiplyAdds), [
    3 * 3 * 5,
    3 * 2 * 5,
  ]);
});

/** A network with a module under two names, tied parameters, and parameters in an array. */
class Tied extends Module<[words: Tensor], Record<string, Tensor>> {
  embedding = new Embedding(10, 4);
  blocks = new ModuleList([new Linear(4, 4), new ReLU()]);
  again = this.blocks.at(0) as Linear;
  head = new Linear(4, 10, { bias: false });
  scales = [new Parameter(ones([4])), new Parameter(ones([4]))];

  constructor() {
    super();
    this.head.weight = this.embedding.weight;
    this.scales[1]!.requiresGrad_(false);
  }

  override forward(words: Tensor): Record<string, Tensor> {
    const hidden = this.again(this.again(this.embedding(words)).mul(this.scales[0]!));
    return { logits: this.head(hidden), hidden };
  }
}

Deno.test("summary() counts shared modules and tied parameters once", () => {
  setUp();
  const { layers, totals } = summary(new Tied(), [2, 3], { dtype: "int64" });
  assertEquals(
    layers.map((
      { name, calls, parameters, multiplyAdds, shared },
    ) => [name, calls, parameters, multiplyAdds, shared]),
    [
      ["", 1, 8, 0, false],
      ["embedding", 1, 40, 0, false],
      ["blocks", 0, 0, 0, false],
      ["blocks.0", 2, 20, 2 * 6 * 16, false],
      ["blocks.1", 0, 0, 0, false],
      ["again", 2, 0, 0, true],
      ["head", 1, 0, 240, false],
    ],
  );
  assertEquals(layers[0]!.outputs, [[2, 3, 10], [2, 3, 4]]);
  assertEquals([totals.parameters, totals.trainable, totals.buffers], [68, 64, 0]);
  assertEquals([totals.parameterBytes, totals.inputBytes], [4 * 68, 8 * 6]);
  assertEquals(totals.outputBytes, 4 * (6 * 4 + 2 * 6 * 4 + 6 * 10));
});

Deno.test("summary() counts what lies deeper than depth in the row above it", () => {
  setUp();
  const inner = new Linear(2, 2), net = new Sequential(new Sequential(inner, new ReLU()), inner);
  const rows = (depth: number) =>
    summary(net, [1, 2], { depth }).layers.map((row) => [row.name, row.parameters, row.multiplyAdds]);
  assertEquals(rows(0), [["", 6, 8]]);
  assertEquals(rows(1), [["", 0, 0], ["0", 6, 8], ["1", 0, 0]]);
});

Deno.test("summary() takes tensors and shapes together, and the dtype of the network", () => {
  setUp();
  class Two extends Module<[words: Tensor, x: Tensor]> {
    embedding = new Embedding(1, 2);
    override forward(words: Tensor, x: Tensor): Tensor {
      return this.embedding(words).add(x);
    }
  }
  const words = zeros([4], { dtype: "int64" }), net = new Two().double();
  assertEquals(summary(net, [words, [4, 2]]).layers[0]!.outputs, [[4, 2]]);
  assertEquals(summary(net, [words, [4, 2]]).totals.inputBytes, 4 * 8 + 8 * 8);
  // Ones would be no index of the table.
  assertEquals(summary(net, [[4], [4, 2]], { dtype: ["int64", "float32"] }).totals.inputBytes, 4 * 8 + 8 * 4);
});

Deno.test("summary() refuses what is no model, no input and no depth", () => {
  setUp();
  const net = new Linear(2, 2), wrong = (...given: unknown[]) => () => Reflect.apply(summary, null, given);
  assertThrows(wrong("net", [1, 2]), TypeError, "as the model must be a module");
  assertThrows(wrong(net), TypeError, "as inputs must be a shape");
  assertThrows(wrong(net, [1, -2]), TypeError, "as inputs must be a shape");
  assertThrows(wrong(net, [1, 2], { depth: -1 }), RangeError, "depth must be a nonnegative integer");
  assertThrows(wrong(net, [1, 2], { dept: 1 }), TypeError, "did you mean depth?");
  assertThrows(wrong(net, [1, 2], {}, 1), TypeError, "at most 3 arguments");
});

Deno.test("ModelSummary.toString() lists modules by their names in what is around them", () => {
  setUp();
  const text = String(summary(new Tied(), [200, 3], { dtype: "int64" }));
  assertEquals(
    text,
    `\
Layer                   Output shape               Parameters  Multiply-adds
----------------------------------------------------------------------------
Tied                    [200, 3, 10], [200, 3, 4]           8              -
  embedding: Embedding  [200, 3, 4]                        40              -
  blocks: ModuleList    -                                   -              -
    0: Linear           [200, 3, 4] × 2                    20         19,200
    1: ReLU             -                                   -              -
  again: Linear         (shared)                            -              -
  head: Linear          [200, 3, 10]                        -         24,000
----------------------------------------------------------------------------
Parameters     68 (64 trainable)
Buffers        0
Multiply-adds  43,200
Memory         parameters 272 bytes, buffers 0 bytes, inputs 4.8 kB, outputs of layers 52.8 kB`,
  );
});
