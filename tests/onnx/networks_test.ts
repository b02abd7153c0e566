/** Whole networks, exported and run by onnxruntime, and by `loadOnnx`. */
import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  arange,
  cat,
  Device,
  rand,
  randint,
  randn,
  setDefaultDevice,
  type Tensor,
  tensor,
  zeros,
} from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { getModel, GPT2LMHeadModel } from "@troodon/models";
import * as nn from "@troodon/nn";
import { decodeOnnx, exportOnnx, exportOnnxModel, type ExportOptions } from "@troodon/onnx";
import { Cnn, LeNet, Mlp } from "@troodon/train";
import { compare, type Comparison, imported } from "./compare.ts";
import { Of } from "./of.ts";
import { onnxruntime } from "./session.ts";

const device = new Device(new CpuBackend(), { tape }), loads = [await onnxruntime(), imported];

const of = (f: (x: Tensor) => Tensor, ...shape: number[]): Comparison => ({
  module: new Of(f),
  inputs: (n) => [randn([n, ...shape])],
});

/** A module with buffers, several inputs, a record of results, and a branch by shape. */
class Custom extends nn.Module<[x: Tensor, y: Tensor], { sum: Tensor; parts: Tensor[] }> {
  readonly scale: nn.Parameter = new nn.Parameter(tensor([1, 2, 3]));
  readonly table: Tensor;
  readonly layers: nn.ModuleList<nn.Linear> = new nn.ModuleList([new nn.Linear(3, 3), new nn.Linear(3, 3)]);

  constructor() {
    super();
    this.table = arange(12).reshape([4, 3]).to("float32");
    this.registerBuffer("table");
  }

  override forward(x: Tensor, y: Tensor): { sum: Tensor; parts: Tensor[] } {
    for (const layer of this.layers) x = layer(x).tanh();
    const wide = x.shape[1] === 3 ? x.mul(this.scale) : x;
    const rows = this.table.at(y);
    return { sum: wide.add(rows).div(x.shape[0]!), parts: [cat([wide, rows], 1), wide.where(wide.gt(0), 0)] };
  }
}

const image = (module: nn.AnyModule, ...shape: number[]): Comparison => ({
  module,
  inputs: (n) => [randn([n, ...shape])],
  counts: [1, 3],
});

const NETWORKS: Readonly<Record<string, () => Comparison>> = {
  Mlp: () => image(new Mlp({ hidden: 16 }), 1, 28, 28),
  Cnn: () => image(new Cnn({ batchNorm: true }), 1, 28, 28),
  LeNet: () => image(new LeNet(), 1, 28, 28),
  resnet18: () => image(getModel("resnet18"), 3, 32, 32),
  mobilenet_v3_small: () => image(getModel("mobilenet_v3_small"), 3, 32, 32),
  shufflenet_v2_x0_5: () => image(getModel("shufflenet_v2_x0_5"), 3, 32, 32),
  "GPT-2 of any length": () => ({
    module: new GPT2LMHeadModel({ vocabSize: 10, nPositions: 80, nEmbd: 8, nLayer: 2, nHead: 2 }),
    inputs: (n) => [randint(10, [2, n + 1], { dtype: "int64" })],
    options: { inputNames: ["ids"], dynamicAxes: { ids: { 0: "N", 1: "T" } } },
  }),
  "a module of several inputs and results": () => ({
    module: new Custom(),
    inputs: (n) => [randn([n, 3]), randint(4, [n], { dtype: "int64" })],
  }),
  "views and changes in place": () =>
    of(
      (x) => {
        const y = x.clone();
        y.select(1, 0).add_(1);
        y.narrow(1, 1, 2).mul_(2);
        y.select(2, 1).fill_(0.5);
        return y.transpose(1, 2).flip(1).reshape([x.shape[0]!, 12]).add(y.sum([1, 2]).unsqueeze(1));
      },
      3,
      4,
    ),
  "sorting, running sums and triangles": () =>
    of(
      (x) => {
        const { values, indices } = x.sort(-1);
        return values.cumsum(1).add(indices.to("float32")).add(x.tril().triu(-1)).add(
          x.argmax(1).unsqueeze(1),
        );
      },
      4,
      4,
    ),
  "masks and broadcasting over the batch": () =>
    of((x) => {
      const n = x.shape[0]!, mask = arange(n).unsqueeze(1).eq(arange(n).unsqueeze(0));
      return x.mm(x.transpose(0, 1)).maskedFill(mask, -1).add(zeros([n, n])).softmax(1);
    }, 4),
  "deviations, determinants and roots of the number of samples": () =>
    of(
      (x) => x.std(1).add(x.var(2)).add(x.det().unsqueeze(1)).div(Math.sqrt(x.shape[0]!)).diagEmbed().add(x),
      3,
      3,
    ),
  "what is put into zeros of the batch": () =>
    of((x) => {
      const y = zeros(x.shape);
      y.select(1, 1).copy_(x.select(1, 0));
      return y.add(x);
    }, 4),
  "what is put and added to zeros of one size": () => ({
    module: new (class extends nn.Module<[Tensor, Tensor], Tensor[]> {
      override forward(x: Tensor, index: Tensor): Tensor[] {
        const table = zeros([70, 4]), rows = index.unsqueeze(1).expand([-1, 4]);
        return [table.scatter(0, rows, x), table.scatterAdd(0, rows, x), table.indexAdd(0, index, x), table];
      }
    })(),
    inputs: (n) => [randn([n, 4]), arange(n)],
  }),
  "images of other sizes, whose strides skip some": () => ({
    module: new nn.Sequential(new nn.Conv2d(1, 2, 4, { stride: 4 }), new nn.Flatten()),
    inputs: (n) => [randn([2, 1, 31 + n, 32])],
    options: { dynamicAxes: { input: { 0: "N", 2: "rows" } } },
  }),
  "a map of tensors, and one of results": () => ({
    module: new (class extends nn.Module<[Tensor, Map<string, Tensor>], unknown> {
      override forward(x: Tensor, more: Map<string, Tensor>): unknown {
        return new Map([["product", x.mul(more.get("y")!)], ["x", x.neg()]]);
      }
    })(),
    inputs: (n) => [randn([n, 4]), new Map([["y", randn([n, 1])]])],
  }),
  "a parameter that is named as constants are": () => ({
    module: new (class extends nn.Module<[Tensor], Tensor> {
      readonly constant: nn.Parameter = new nn.Parameter(randn([3]));
      override forward(x: Tensor): Tensor {
        return x.mul(tensor([1, 2, 3])).add(this.constant);
      }
    })(),
    inputs: (n) => [randn([n, 3])],
  }),
  "pieces that are all of it, and two results of one kernel": () => ({
    module: new (class extends nn.Module<[Tensor], unknown> {
      override forward(x: Tensor): unknown {
        return [x.mul(2).chunk(1, 1), x.frexp().mantissa, x.frexp().exponent];
      }
    })(),
    inputs: (n) => [randn([n, 4])],
  }),
  "einsum, roll, diagonal and stack": () =>
    of(
      (x) => {
        const both = x.matmul(x.transpose(1, 2)).diagonal(0, 1, 2);
        return both.add(x.roll(1, 1).mean(2)).add(x.unbind(1).reduce((a, b) => a.add(b)).sum(1).unsqueeze(1));
      },
      3,
      4,
    ),
  "a hook": () => {
    const module = new nn.Sequential(new nn.Conv1d(2, 3, 3), new nn.ReLU());
    module.registerForwardHook((_, __, y) => y.mul(2));
    [...module.children()][0]!.registerForwardHook((_, __, y) => (y as Tensor).add(1));
    return { module, inputs: (n) => [randn([n, 2, 6])] };
  },
  "weights that come from the inputs": () => {
    class Hyper extends nn.Module {
      readonly conv = new nn.Conv1d(2, 3, 3, { bias: false });
      override forward(x: Tensor): Tensor {
        return nn.functionalCall(this.conv, { weight: x.mean(0).sum().mul(this.conv.weight) }, x);
      }
    }
    return { module: new Hyper(), inputs: (n) => [randn([n, 2, 5])] };
  },
  "images of any size": () => ({
    module: new nn.Sequential(
      new nn.Conv2d(1, 2, 3, { stride: 2, padding: 1 }),
      new nn.InstanceNorm2d(2),
      new nn.ConvTranspose2d(2, 2, 2, { stride: 2 }),
      new nn.AdaptiveAvgPool2d(1),
      new nn.Flatten(),
      new nn.Linear(2, 3),
    ),
    inputs: (n) => [randn([2, 1, 8 + n, 6 + n])],
    options: { dynamicAxes: { input: { 0: "N", 2: "H", 3: "W" } } },
  }),
  "weightNorm() and spectralNorm()": () => ({
    module: new nn.Sequential(nn.weightNorm(new nn.Linear(4, 5)), nn.spectralNorm(new nn.Linear(5, 3))),
    inputs: (n) => [randn([n, 4])],
  }),
  "float64": () => ({
    module: new nn.Sequential(new nn.Linear(4, 5), new nn.Tanh(), new nn.Linear(5, 3), new nn.LogSoftmax(1))
      .double(),
    inputs: (n) => [randn([n, 4], { dtype: "float64" })],
    tolerance: 1e-12,
  }),
  // onnxruntime's tensors of float16 are not for Deno: they are made in the graph.
  "float16": () => {
    const half = new nn.Sequential(
      new nn.Conv2d(1, 2, 3),
      new nn.ReLU(),
      new nn.Flatten(),
      new nn.Linear(8, 3),
    ).half();
    class Halved extends nn.Module {
      readonly net = half;
      override forward(x: Tensor): Tensor {
        return this.net(x.half()).float();
      }
    }
    return { module: new Halved(), inputs: (n) => [rand([n, 1, 4, 4])], tolerance: 4e-3 };
  },
};

for (const [name, make] of Object.entries(NETWORKS)) {
  Deno.test({
    name: `exportOnnx() of ${name} computes the same in onnxruntime`,
    fn: async () => {
      setDefaultDevice(device);
      await compare(loads, make());
    },
  });
}

for (const opsetVersion of [17, 18, 19, 20]) {
  Deno.test({
    name: `exportOnnx() writes operators of version ${opsetVersion}`,
    fn: async () => {
      setDefaultDevice(device);
      const module = new nn.Sequential(
        new nn.Conv2d(1, 4, 3, { padding: 1 }),
        new nn.GroupNorm(2, 4),
        new nn.GELU(),
        new nn.Upsample({ scaleFactor: 2 }),
        new nn.ZeroPad2d(1),
        new Of((x) => x.amax([2, 3]).add(x.mean([2, 3]))),
      );
      const options: ExportOptions = { opsetVersion };
      await compare(loads, { module, inputs: (n) => [randn([n, 1, 4, 4])], options });
      assertEquals((await exportOnnxModel(module, randn([1, 1, 4, 4]), options)).opsetImport, [
        { domain: "", version: opsetVersion },
      ]);
    },
  });
}

Deno.test("exportOnnx() names weights as the state dict does, tied ones once, and nodes by their layers", async () => {
  setDefaultDevice(device);
  class Tied extends nn.Module {
    readonly encode = new nn.Linear(3, 3, { bias: false });
    readonly decode = new nn.Linear(3, 3);

    constructor() {
      super();
      this.decode.weight = this.encode.weight;
    }

    override forward(x: Tensor): Tensor {
      return this.decode(this.encode(x).relu());
    }
  }
  const net = new nn.Sequential(new Tied(), new nn.Softmax(1));
  const { graph } = decodeOnnx(await exportOnnx(net, zeros([1, 3])));
  assertEquals(graph.initializer.map(({ name }) => name), ["0.encode.weight", "0.decode.bias"]);
  assertEquals(graph.node.map(({ name }) => name), [
    "/0/encode/Transpose",
    "/0/encode/MatMul",
    "/0/Relu",
    "/0/decode/Gemm",
    "/1/Softmax",
  ]);
  assertEquals(graph.input.map(({ name, type }) => [name, type?.tensorType?.shape?.dim]), [
    ["input", [{ dimParam: "N" }, { dimValue: 3 }]],
  ]);
  assertEquals(graph.output.map(({ name, type }) => [name, type?.tensorType?.shape?.dim]), [
    ["output", [{ dimParam: "N" }, { dimValue: 3 }]],
  ]);
});

Deno.test("exportOnnx() exports in evaluation mode, and leaves modes, gradients and memory as they were", async () => {
  setDefaultDevice(device);
  const frozen = new nn.BatchNorm1d(3).eval(),
    net = new nn.Sequential(new nn.Linear(2, 3), new nn.Dropout(), frozen);
  const x = randn([4, 2], { requiresGrad: true }), before = device.memory.buffers;
  const { graph } = decodeOnnx(await exportOnnx(net, x));
  assertEquals(graph.node.map(({ opType }) => opType), ["Gemm", "BatchNormalization"]);
  assertEquals(
    [net, ...net.children()].map((module) => module.training),
    [true, true, true, false],
  );
  assertEquals(device.memory.buffers, before);
  assert(net(x).requiresGrad && [...net.parameters()].every((p) => p.requiresGrad && p.grad === null));
});
