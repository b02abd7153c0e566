/** Functions of nn leave no memory or mode behind, and throw if their arguments do not fit. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { isGradEnabled } from "@troodon/autograd";
import { type Device, empty, ones, Scope, tensor } from "@troodon/core";
import * as nn from "./mod.ts";
import { useReference } from "./support_test.ts";

/** A parameter with a gradient. */
function learned(): nn.Parameter {
  const p = new nn.Parameter(tensor([[1, 2], [3, 4]]));
  p.grad = tensor([[1, 0], [0, 2]]);
  return p;
}

const layer = (): nn.Linear => new nn.Linear(2, 3);

/** Each row: preparation, call, and the number of additional buffers afterwards. */
const CALLS: Readonly<
  Record<string, readonly [prepare: () => unknown, call: (given: never) => unknown, more: number]>
> = {
  "init.uniform_": [learned, (p: nn.Parameter) => nn.init.uniform_(p), 0],
  "init.normal_": [learned, (p: nn.Parameter) => nn.init.normal_(p), 0],
  "init.constant_": [learned, (p: nn.Parameter) => nn.init.constant_(p, 2), 0],
  "init.eye_": [learned, (p: nn.Parameter) => nn.init.eye_(p), 0],
  "init.sparse_": [learned, (p: nn.Parameter) => nn.init.sparse_(p, 0.5), 0],
  "init.orthogonal_": [learned, (p: nn.Parameter) => nn.init.orthogonal_(p), 0],
  "init.truncNormal_": [learned, (p: nn.Parameter) => nn.init.truncNormal_(p), 0],
  "init.kaimingUniform_": [learned, (p: nn.Parameter) => nn.init.kaimingUniform_(p), 0],
  maxNorm_: [learned, (p: nn.Parameter) => nn.maxNorm_(p, 1), 0],
  clipGradNorm: [learned, (p: nn.Parameter) => nn.clipGradNorm(p, 1).dispose(), 0],
  clipGradsWithNorm: [
    () => [learned(), tensor(3)],
    ([p, norm]: [nn.Parameter, never]) => nn.clipGradsWithNorm(p, 1, norm),
    0,
  ],
  clipGradValue: [learned, (p: nn.Parameter) => nn.clipGradValue(p, 1), 0],
  getTotalNorm: [learned, (p: nn.Parameter) => nn.getTotalNorm([p]).dispose(), 0],
  vectorToParameters: [
    () => [learned(), ones([4])],
    ([p, vector]: [nn.Parameter, never]) => nn.vectorToParameters(vector, [p]),
    0,
  ],
  "Linear.zeroGrad": [learned, (p: nn.Parameter) => new nn.ParameterList([p]).zeroGrad(), -1],
  "Linear.dispose": [layer, (net: nn.Linear) => net.dispose(), -2],
  "BatchNorm1d.dispose": [() => new nn.BatchNorm1d(2), (net: nn.BatchNorm1d) => net.dispose(), -5],
  Embedding: [() => null, () => new nn.Embedding(3, 2, { paddingIdx: 1 }), 1],
  MultiheadAttention: [() => null, () => new nn.MultiheadAttention(4, 2), 4],
  weightNorm: [layer, (net: nn.Linear) => nn.weightNorm(net), 1],
  removeWeightNorm: [() => nn.weightNorm(layer()), (net: nn.Linear) => nn.removeWeightNorm(net), -1],
  spectralNorm: [layer, (net: nn.Linear) => nn.spectralNorm(net), 2],
  removeSpectralNorm: [() => nn.spectralNorm(layer()), (net: nn.Linear) => nn.removeSpectralNorm(net), -2],
  deepCopy: [layer, (net: nn.Linear) => net.deepCopy(), 2],
  "Linear.to": [layer, (net: nn.Linear) => net.to("float64"), 0],
  loadStateDict: [
    () => [layer(), layer()],
    ([a, b]: [nn.Linear, nn.Linear]) => a.loadStateDict(b.stateDict()),
    0,
  ],
  InstanceNorm1d: [
    () => {
      const net = new nn.InstanceNorm1d(2, { trackRunningStats: true, momentum: null });
      return [net, tensor([[[1, 2], [3, 5]]])];
    },
    ([net, x]: [nn.InstanceNorm1d, never]) => net(x).dispose(),
    0,
  ],
  BatchNorm1d: [
    () => [new nn.BatchNorm1d(2, { momentum: null }), tensor([[1, 2], [3, 5]])],
    ([net, x]: [nn.BatchNorm1d, never]) => net.requiresGrad_(false)(x).dispose(),
    0,
  ],
};

function leftBy(device: Device, [prepare, call]: (typeof CALLS)[string]): number {
  const given = prepare(), { buffers } = device.memory;
  call(given as never);
  return device.memory.buffers - buffers;
}

for (const [name, one] of Object.entries(CALLS)) {
  Deno.test(`${name}() leaves neither memory behind nor gradients switched off`, () => {
    const device = useReference();
    try {
      assertEquals(leftBy(device, one), one[2]);
    } finally {
      assert(isGradEnabled());
    }
  });
}

Deno.test("removeSpectralNorm() leaves the module in the mode that it has, with the weight of evaluation", () => {
  useReference();
  const net = nn.spectralNorm(layer()), wanted = net.eval().weight.tolist();
  nn.removeSpectralNorm(net.train());
  assertEquals([net.training, net.weight.tolist()], [true, wanted]);
  assertEquals([...net.namedBuffers()], []);
  assertEquals(nn.removeSpectralNorm(nn.spectralNorm(layer()).eval()).training, false);
});

Deno.test("Linear.to() leaves no copy behind where a tensor cannot be moved", async () => {
  const device = useReference(), [first, second] = [layer(), layer()];
  const net = new nn.Sequential(first, second);
  const last = second.weight, { buffers } = device.memory;
  const refuse = () => {
    throw new RangeError("no place");
  };
  Object.defineProperty(last, "to", { value: refuse, configurable: true });
  assertThrows(() => net.to("float64"), RangeError, "no place");
  assertEquals([device.memory.buffers, first.weight.dtype], [buffers, "float32"]);
  Object.defineProperty(last, "toAsync", { value: () => Promise.reject(new RangeError("no place")) });
  const error = await net.toAsync("float64").catch((error: unknown) => error);
  assert(error instanceof RangeError);
  assertEquals([device.memory.buffers, first.weight.dtype], [buffers, "float32"]);
  assert(isGradEnabled());
});

Deno.test("takeState() gives back what a shared tensor takes the place of", () => {
  const device = useReference();
  using _ = new Scope();
  const one = new nn.ModuleList([layer(), layer()]), other = new nn.ModuleList([layer(), layer()]);
  const state = new Map(other.stateDict()), { buffers } = device.memory;
  state.set("1.weight", state.get("0.weight")!);
  one.takeState(state);
  assertEquals(one.stateDict().get("1.weight"), one.stateDict().get("0.weight"));
  assert(device.memory.buffers < buffers);
});

const REFUSALS: Readonly<Record<string, readonly [call: () => unknown, said: string]>> = {
  "padding row": [() => new nn.Embedding(3, 2, { paddingIdx: 3 }), "paddingIdx must be a row of 3"],
  "padding row below": [() => new nn.EmbeddingBag(3, 2, { paddingIdx: -4 }), "paddingIdx must be a row of 3"],
  "table of an embedding": [() => nn.Embedding.fromPretrained(empty([3])), "the table must be"],
  "table of bags": [() => nn.EmbeddingBag.fromPretrained(empty([3, 2, 1])), "the table must be"],
  "heads": [() => new nn.MultiheadAttention(5, 2), "numHeads must divide embedDim"],
  "groups of channels": [() => new nn.GroupNorm(2, 5), "numGroups"],
  "groups of a convolution": [() => new nn.Conv1d(4, 4, 1, { groups: 0 }), "groups"],
  "half a group": [() => new nn.Conv1d(4, 4, 1, { groups: 0.5 }), "groups"],
  "groups of inputs": [() => new nn.Conv3d(3, 4, 1, { groups: 2 }), "groups"],
  "groups of outputs": [() => new nn.ConvTranspose2d(4, 3, 1, { groups: 2 }), "groups"],
  "steps and the same size": [() => new nn.Conv2d(1, 1, 3, { padding: "same", stride: [1, 2] }), "same"],
  "part left out": [() => new nn.Dropout(1.01), "p must be from 0 to 1"],
  "negative part": [() => new nn.AlphaDropout(-0.01), "p must be from 0 to 1"],
  "no number": [() => new nn.Dropout2d(NaN), "p must be from 0 to 1"],
  "layers of a network": [() => new nn.RNN(2, 2, { numLayers: 0 }), "numLayers"],
  "half a layer": [() => new nn.GRU(2, 2, { numLayers: 1.5 }), "numLayers"],
  "hidden size": [() => new nn.LSTM(2, 0), "hiddenSize"],
  "dropout between layers": [() => new nn.RNN(2, 2, { dropout: 1.5 }), "dropout"],
  "negative dropout": [() => new nn.RNN(2, 2, { dropout: -0.5 }), "dropout"],
  "pieces": [() => new nn.Maxout(2, 2, 0), "pieces"],
  "half a piece": [() => new nn.Maxout(2, 2, 1.5), "pieces"],
  "channels of BatchNorm2d": [() => new nn.BatchNorm2d(3)(ones([2, 2, 1, 1])), "BatchNorm2d"],
  "axes of BatchNorm1d": [() => new nn.BatchNorm1d(3)(ones([3])), "BatchNorm1d"],
  "channels of InstanceNorm1d": [() => new nn.InstanceNorm1d(3)(ones([2, 2, 4])), "InstanceNorm1d"],
  "axes of InstanceNorm2d": [() => new nn.InstanceNorm2d(3)(ones([2, 3])), "InstanceNorm2d"],
  "place in a list": [() => new nn.ModuleList([layer()]).at(1), "the list has 1"],
  "place in a list of parameters": [() => new nn.ParameterList([learned()]).at(2), "the list has 1"],
  "name of a module": [() => new nn.ModuleDict({ a: layer() }).get("b"), '"b"'],
  "name with a point": [() => new nn.ModuleDict({ "a.b": layer() }), '"a.b"'],
  "empty name": [() => new nn.ParameterDict({ "": learned() }), '""'],
  "name of a parameter": [() => new nn.ParameterDict({ a: learned() }).get("b"), '"b"'],
  "clip value": [() => nn.clipGradValue(learned(), NaN), "clipValue"],
  "norm type": [() => nn.clipGradNorm(learned(), 1, { normType: -1 }), "normType"],
  "limit of norms": [() => nn.maxNorm_(learned(), NaN), "limit"],
  "elements of a vector": [() => nn.vectorToParameters(ones([5]), [learned()]), "4 elements"],
  "axes of a vector": [() => nn.vectorToParameters(ones([2, 2]), [learned()]), "4 elements"],
};

for (const [name, [call, said]] of Object.entries(REFUSALS)) {
  Deno.test(`nn refuses a wrong ${name}`, () => {
    useReference();
    const error = assertThrows(call, RangeError, said);
    assert(error.message.startsWith("Cannot "), error.message);
  });
}
