/** Whole modules in files: every class of `@troodon/nn`, saved and loaded, is the module that it was. */
import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  Device,
  manualSeed,
  ones,
  rand,
  randn,
  ReferenceBackend,
  setDefaultDevice,
  Tensor,
  tensor,
  zeros,
} from "@troodon/core";
import * as nn from "@troodon/nn";
import { load, type SaveFormat, serialize } from "@troodon/troodon";
import { LAYER_MAKERS } from "./reference/layer_makers.ts";

/** Modules of the classes that PyTorch's layers.json has none of, and of options that it has none of. */
const MORE: Readonly<Record<string, () => nn.AnyModule>> = {
  AvgPool2d: () => new nn.AvgPool2d([2, 1], { countIncludePad: false, padding: [1, 0], divisorOverride: 3 }),
  BCELoss: () => new nn.BCELoss({ weight: tensor([1, 2, 3]), reduction: "sum" }),
  BCEWithLogitsLoss: () => new nn.BCEWithLogitsLoss({ posWeight: tensor([1, 2, 3]) }),
  BatchNorm1d: () => new nn.BatchNorm1d(3, { eps: 0.1, momentum: null }),
  BatchNorm2d: () => new nn.BatchNorm2d(3, { affine: false, trackRunningStats: false }),
  CircularPad1d: () => new nn.CircularPad1d(1),
  CircularPad2d: () => new nn.CircularPad2d([1, 0, 1, 0]),
  CircularPad3d: () => new nn.CircularPad3d(1),
  ConstantPad2d: () => new nn.ConstantPad2d(1, -Infinity),
  CrossEntropyLoss: () =>
    new nn.CrossEntropyLoss({ weight: tensor([1, 2, 3]), labelSmoothing: 0.1, ignoreIndex: 1 }),
  Dropout: () => new nn.Dropout(0.3),
  Embedding: () => new nn.Embedding(5, 3, { paddingIdx: 1, maxNorm: 0.5, normType: 1 }),
  EmbeddingBag: () => new nn.EmbeddingBag(5, 3, { mode: "sum", scaleGradByFreq: true }),
  FeatureAlphaDropout: () => new nn.FeatureAlphaDropout(0.3),
  Flatten: () => new nn.Flatten(0, -2),
  GELU: () => new nn.GELU({ approximate: "tanh" }),
  HuberLoss: () => new nn.HuberLoss({ delta: 0.3 }),
  Identity: () => new nn.Identity(),
  L1Loss: () => new nn.L1Loss({ reduction: "none" }),
  LPPool3d: () => new nn.LPPool3d(3, 2, { ceilMode: true }),
  LayerNorm: () => new nn.LayerNorm([2, 3], { eps: 0.1, elementwiseAffine: false }),
  "LayerNorm without bias": () => new nn.LayerNorm(3, { bias: false }),
  "BatchNorm1d without bias": () => new nn.BatchNorm1d(3, { bias: false }),
  "GroupNorm without bias": () => new nn.GroupNorm(1, 3, { bias: false }),
  LeakyReLU: () => new nn.LeakyReLU(0.3),
  Linear: () => new nn.Linear(3, 2, { bias: false, dtype: "float16" }),
  LogSoftmax: () => new nn.LogSoftmax(0),
  MSELoss: () => new nn.MSELoss({ reduction: "sum" }),
  MaxPool2d: () => new nn.MaxPool2d(2, { stride: [1, 2], dilation: 2, ceilMode: true }),
  MaxUnpool3d: () => new nn.MaxUnpool3d(2, { padding: 1 }),
  Maxout: () => new nn.Maxout(3, 2, 4, { bias: false }),
  ModuleList: () => new nn.ModuleList([new nn.Linear(1, 2)]).append(new nn.Linear(2, 3)),
  MultiLabelSoftMarginLoss: () =>
    new nn.MultiLabelSoftMarginLoss({ reduction: "none", weight: tensor([1, 2]) }),
  MultiMarginLoss: () => new nn.MultiMarginLoss({ weight: tensor([1, 2, 3]) }),
  MultiheadAttention: () =>
    new nn.MultiheadAttention(4, 2, { addBiasKv: true, addZeroAttn: true, dropout: 0.1, batchFirst: true }),
  NLLLoss: () => new nn.NLLLoss({ weight: tensor([1, 2, 3]) }),
  PReLU: () => new nn.PReLU({ numParameters: 3, init: 0.7 }),
  ParameterDict: () =>
    new nn.ParameterDict({ a: new nn.Parameter(ones([2])), b: new nn.Parameter(zeros([1])) }),
  ParameterList: () => new nn.ParameterList([new nn.Parameter(tensor([1.5], { dtype: "float64" }))]),
  RMSNorm: () => new nn.RMSNorm(3, { eps: 0.1 }),
  ReLU: () => new nn.ReLU(),
  ReplicationPad1d: () => new nn.ReplicationPad1d([1, 0]),
  Sequential: () =>
    new nn.Sequential(new nn.Linear(3, 4), new nn.Sequential(new nn.Tanh(), new nn.Linear(4, 2))),
  SiLU: () => new nn.SiLU(),
  Sigmoid: () => new nn.Sigmoid(),
  SmoothL1Loss: () => new nn.SmoothL1Loss({ beta: 0.3 }),
  Softmax: () => new nn.Softmax(1),
  Tanh: () => new nn.Tanh(),
  TransformerDecoder: () =>
    new nn.TransformerDecoder(
      new nn.TransformerDecoderLayer(4, 2, { dimFeedforward: 3, activation: "gelu" }),
      2,
    ),
  ZeroPad1d: () => new nn.ZeroPad1d(1),
  ZeroPad3d: () => new nn.ZeroPad3d(1),
};

const MAKERS = Object.entries({ ...LAYER_MAKERS, ...MORE }).filter(([name]) => !/_norm\(/.test(name));

/** Classes that others are made from, which are no modules by themselves. */
const ABSTRACT = new Set<unknown>([
  nn.AdaptivePool,
  nn.PaddingModule,
  nn.ParameterHolder,
  nn.Pool,
  nn.MaxPool,
  nn.AvgPool,
  nn.LPPool,
  nn.MaxUnpool,
  nn.BatchNorm,
  nn.InstanceNorm,
  nn.Recurrent,
  nn.RecurrentCell,
  nn.Loss,
  nn.MarginLoss,
]);

/** Modules without a result. */
const LISTS: readonly unknown[] = [nn.ModuleList, nn.ModuleDict, nn.ParameterList, nn.ParameterDict];

const labels = (): Tensor => tensor([0, 2], { dtype: "int64" });

/** Shapes of single inputs. */
const SHAPES: readonly (readonly number[])[] = [
  ...[[2, 3], [2, 4], [2, 2], [2, 8], [1, 12]],
  ...[[4, 2, 3], [2, 2, 5], [2, 4, 1], [1, 6, 3], [1, 4, 6], [3, 2, 4], [2, 3, 5], [5, 2, 8], [1, 4, 12], [
    1,
    12,
    4,
  ]],
  ...[[1, 24, 5], [1, 16, 6], [2, 2, 4, 4], [2, 3, 4, 4], [2, 4, 6, 6], [1, 9, 4, 4], [2, 2, 4, 4, 4], [
    2,
    3,
    4,
    4,
    4,
  ]],
];

/** Inputs of all modules: for each, the first that it takes. */
const INPUTS: readonly (() => readonly unknown[])[] = [
  ...SHAPES.map((shape) => () => [rand(shape)]),
  () => [labels()],
  () => [tensor([[0, 1], [4, 2]], { dtype: "int64" })],
  () => [rand([2, 3]), rand([2, 3])],
  () => [rand([2, 2]), rand([2, 3])],
  () => [rand([2, 3]), labels()],
  () => [rand([2, 3]), tensor([1, -1])],
  () => [rand([2, 3]), rand([2, 3]), tensor([1, -1])],
  () => [rand([2, 3]), rand([2, 3]), rand([2, 3])],
  () => [rand([2, 2, 4]), rand([2, 2, 4]), rand([2, 2, 4])],
  () => [rand([2]), rand([2]), tensor([1, -1])],
  () => [rand([2, 3]), tensor([[1, -1, 0], [2, 0, -1]], { dtype: "int64" })],
  ...[[4, 4, 4], [6, 6, 6], [4, 3, 2], [6, 3, 4]].map(
    ([q, k, v]) => () => [rand([3, 2, q!]), rand([2, 2, k!]), rand([2, 2, v!])],
  ),
  ...[4, 8].map((size) => () => [rand([3, 2, size]), rand([2, 2, size])]),
  ...[[1, 2], [1, 1, 2, 2], [1, 1, 2, 2, 2], [1, 1, 2]].map((shape) => () =>
    [ones(shape), zeros(shape, { dtype: "int64" })] as const
  ),
  () => [
    randn([4, 2, 3]).logSoftmax(-1),
    ones([2, 2], { dtype: "int64" }),
    [4, 4],
    [2, 2],
  ],
];

const device = new Device(new ReferenceBackend(), { tape });

/** Converts a value for comparisons: tensors to dtype and elements, modules to all of their fields. */
function looks(value: unknown): unknown {
  if (value instanceof Tensor) {
    return [value.constructor.name, value.dtype, value.shape, value.requiresGrad, value.tolist()];
  }
  if (value instanceof nn.Module) {
    return [
      value.constructor.name,
      ...Object.getOwnPropertyNames(value).filter((name) => name !== "prototype").sort().map(
        (name) => [name, looks(Reflect.get(value, name))],
      ),
    ];
  }
  if (Array.isArray(value)) return value.map(looks);
  if (value instanceof Map) return [...value].map(looks);
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).filter(([, item]) => item !== undefined && !(item instanceof Device)).sort()
      .map(looks);
  }
  return value;
}

/** Runs a module on inputs, with the random numbers of one seed; null if it does not take them. */
function result(module: nn.AnyModule, make: () => readonly unknown[]): unknown {
  manualSeed(5);
  const dtype = [...module.parameters()][0]?.dtype;
  const inputs = make().map((x) => x instanceof Tensor && x.dtype === "float32" && dtype ? x.to(dtype) : x);
  try {
    return looks(module.forward(...inputs as never[]));
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}

async function again(module: nn.AnyModule, format: SaveFormat = "pth"): Promise<nn.AnyModule> {
  return await load<nn.AnyModule>(await serialize(module, { format }));
}

for (const [name, make] of MAKERS) {
  Deno.test(`load() makes ${name} again`, async () => {
    setDefaultDevice(device);
    const module = make();
    for (const format of ["pth", "safetensors"] as const) {
      const made = await again(module, format);
      assertStrictEquals(made.constructor, module.constructor);
      assertEquals(looks(made), looks(module));
      assertEquals(String(made), String(module));
    }
    if (LISTS.includes(module.constructor)) return;
    const inputs = INPUTS.find((inputs) => result(module, inputs) !== null);
    assert(inputs !== undefined, "no input fits");
    // A pass in training mode changes statistics.
    const made = await again(module);
    assertEquals(result(made, inputs), result(module, inputs));
    assertEquals(looks(made), looks(module));
  });
}

Deno.test("save() refuses a module whose weights are calculated, unless a class of its own makes it", async () => {
  setDefaultDevice(device);
  const layer = nn.weightNorm(new nn.Linear(2, 2));
  await assertRejects(
    () => serialize(new nn.Sequential(layer), { format: "pth" }),
    TypeError,
    "Cannot save Linear as its weight is calculated: make it so in the constructor of a class of your own, " +
      "or save its stateDict()",
  );
  await again(nn.removeWeightNorm(layer));
  class Net extends nn.Module {
    fc = nn.weightNorm(new nn.Linear(2, 2));
    override forward(x: Tensor): Tensor {
      return this.fc(x);
    }
  }
  const net = new Net(), x = randn([1, 2]);
  const made = await load(await serialize(net, { format: "pth" }), { modules: { Net } });
  assertEquals(made(x).tolist(), net(x).tolist());
});

Deno.test("load() leaves nothing behind but the module, and nothing at all if it fails", async () => {
  const device = new Device(new ReferenceBackend(), { tape });
  setDefaultDevice(device);
  const net = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3)),
    bytes = await serialize(net, { format: "pth" });
  const each = device.memory.buffers;
  const made = await load<nn.Sequential>(bytes);
  assertEquals(device.memory.buffers, 2 * each);
  made.dispose();
  assertEquals(device.memory.buffers, each);
  class Biasless extends nn.Linear {
    constructor(inFeatures: number, outFeatures: number) {
      super(inFeatures, outFeatures, { bias: false });
    }
  }
  await assertRejects(() => load(bytes, { modules: { Linear: Biasless } }), RangeError, "unexpected: 0.bias");
  await assertRejects(
    () => load(bytes, { modules: { Linear: null } }),
    TypeError,
    "the class Linear must be given",
  );
  const damaged = bytes.slice();
  // The last storage: the buffer that counts batches.
  damaged[new TextDecoder("latin1").decode(bytes).indexOf("archive/version") - 31]! ^= 1;
  await assertRejects(() => load(damaged), TypeError, "CRC-32");
  assertEquals(device.memory.buffers, each);
});

Deno.test("load() makes a module that stands in several places once", async () => {
  setDefaultDevice(device);
  const relu = new nn.ReLU(), inner = new nn.Sequential(new nn.Linear(2, 2), relu), fc = new nn.Linear(2, 2);
  const net = new nn.Sequential(inner, relu, fc, inner, fc);
  fc.weight = (inner.at(0) as nn.Linear).weight;
  const made = await again(net) as nn.Sequential, first = made.at(0) as nn.Sequential;
  assertStrictEquals(made.at(3), first);
  assertStrictEquals(made.at(1), first.at(1));
  assertStrictEquals(made.at(4), made.at(2));
  // A parameter that was tied after the modules were made.
  assertStrictEquals((made.at(2) as nn.Linear).weight, (first.at(0) as nn.Linear).weight);
  assertEquals([...made.parameters()].length, 3);
  const x = randn([1, 2]);
  assertEquals(made.forward(x).tolist(), net.forward(x).tolist());
});

Deno.test("load() draws no random numbers", async () => {
  setDefaultDevice(device);
  const bytes = await serialize(new nn.Linear(2, 3), { format: "pth" });
  manualSeed(1);
  const first = rand([1]).item();
  manualSeed(1);
  await load(bytes);
  assertEquals(rand([1]).item(), first);
});

Deno.test("load() makes a module of every class of @troodon/nn again", () => {
  setDefaultDevice(device);
  const made = new Set<unknown>(MAKERS.map(([, make]) => make().constructor));
  const classes = Object.entries<unknown>({ ...nn }).filter(([, value]) =>
    typeof value === "function" && value.prototype instanceof nn.Module
  );
  assertEquals(
    classes.filter(([, value]) => !ABSTRACT.has(value) && !made.has(value)).map(([name]) => name),
    [],
  );
  assert(classes.length > 140);
});
