import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, ones, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import { Parameter } from "@troodon/nn";
import {
  encodeOnnx,
  loadOnnx,
  ONNX_ATTRIBUTE_TYPES,
  ONNX_DATA_TYPES,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxOutputs,
} from "../mod.ts";
import { floats, integers, model, node } from "../testdata/graph.ts";

const device = new Device(new ReferenceBackend(), { tape });

const load = <O = Tensor>(value: OnnxModel) => loadOnnx<O>(encodeOnnx(value), { device });

/** A layer with batch normalization, whose names are those of methods and fields. */
const layer = model(
  [
    node("Gemm", ["x", "forward", "b.bias"], ["h"], { transB: 1 }),
    node("BatchNormalization", ["h", "scale", "b.bias", "mean", "Var"], ["n"]),
    node("Mul", ["n", "one"], ["y"]),
  ],
  [
    floats("one", [], [1]),
    floats("forward", [2, 3], [1, 2, 3, 4, 5, 6]),
    floats("b.bias", [2], [1, -1]),
    floats("scale", [2], [1, 2]),
    floats("mean", [2], [0, 0]),
    floats("Var", [2], [1, 1]),
  ],
);

Deno.test("OnnxModule has floating tensors as parameters, and statistics as buffers, under the names of the file", async () => {
  const net = await load(layer);
  assertEquals([...net.namedParameters()].map(([name]) => name), ["forward", "b.bias", "scale"]);
  assertEquals([...net.namedBuffers()].map(([name]) => name), ["mean", "Var"]);
  assertEquals([...net.stateDict().keys()], ["forward", "b.bias", "scale", "mean", "Var"]);
  assert(
    [...net.parameters()].every((parameter) => parameter instanceof Parameter && parameter.requiresGrad),
  );
  assertEquals(`${net}`, "OnnxModule(3 nodes, (x) -> (y))");
  assertEquals([net.inputNames, net.outputNames], [["x"], ["y"]]);
});

Deno.test("OnnxModule trains: gradients reach its parameters, and the state goes to another module of the file", async () => {
  const net = await load(layer), x = tensor([[1, 0, 0], [0, 1, 0]], { device });
  const wanted = tensor([[0, 1], [1, 0]], { device });
  const loss = (): Tensor => net(x).sub(wanted).square().mean();
  const before = loss().item();
  for (let step = 0; step < 20; step++) {
    net.zeroGrad();
    loss().backward();
    for (const parameter of net.parameters()) parameter.data.sub_(parameter.grad!.mul(0.01));
  }
  assert(loss().item() < before / 4, `${before} ${loss().item()}`);
  const other = await load(layer);
  other.loadStateDict(net.stateDict());
  assertEquals(other(x).tolist(), net(x).tolist());
  assertEquals(net.stateDict().get("mean")!.tolist(), [0, 0]);
});

Deno.test("OnnxModule can be copied, moved and frozen", async () => {
  const net = await load(layer), copy = net.deepCopy(), x = ones([1, 3], { device });
  net.requiresGrad_(false);
  for (const parameter of net.parameters()) parameter.zero_();
  assertEquals(net(x).tolist(), [[0, 0]]);
  assertAlmostEquals(copy(x).at(0, 0).item(), 7 + 1, 1e-4);
  assertEquals(copy.to("float64")(x.to("float64")).dtype, "float64");
  assertThrows(() => net.describe(), TypeError, "save net.stateDict()");
});

Deno.test("OnnxModule takes inputs in order or by name, and gives several outputs by name", async () => {
  const net = await load<OnnxOutputs>(model(
    [node("Sub", ["a", "b"], ["difference"]), node("Mul", ["a", "b"], ["product"])],
    [],
    { input: ["a", "b"], output: ["product", "difference"] },
  ));
  const a = tensor([3, 4], { device }), b = tensor([1, 2], { device });
  const { product, difference } = net(a, b);
  assertEquals([product!.tolist(), difference!.tolist()], [[3, 8], [2, 2]]);
  assertEquals(Object.keys(net({ b, a })), ["product", "difference"]);
  assertEquals(net({ b: a, a: b }).difference!.tolist(), [-2, -2]);
  assertThrows(
    () => net(a),
    TypeError,
    'its inputs are 2 tensors, in this order or as a record by name, "a", "b"',
  );
  assertThrows(() => net({ a, c: b }), TypeError, "its inputs are 2 tensors");
  assertThrows(() => net(a, b, b), TypeError, "its inputs are 2 tensors");
});

Deno.test("OnnxModule calculates with shapes on the host, and so runs with any batch where the device cannot wait", async () => {
  // reshape(x, [shape(x)[0], -1]), as exporters write it.
  const net = await load(model(
    [
      node("Shape", ["x"], ["shape"]),
      node("Gather", ["shape", "zero"], ["n"]),
      node("Unsqueeze", ["n", "axes"], ["first"]),
      node("Concat", ["first", "rest"], ["wanted"], { axis: 0 }),
      node("Reshape", ["x", "wanted"], ["y"]),
    ],
    [integers("zero", [], [0]), integers("axes", [1], [0]), integers("rest", [1], [-1])],
  ));
  class Blind extends ReferenceBackend {
    override readSync(): never {
      throw new TypeError("Cannot wait");
    }
  }
  const blind = new Device(new Blind());
  for (const n of [1, 5]) assertEquals(net(ones([n, 2, 3], { device: blind })).shape, [n, 6]);
  assertEquals([...net.stateDict().keys()], []);
});

Deno.test("OnnxModule names the node and the reason where it cannot run", async () => {
  const net = await load(model([node("Reshape", ["x", "shape"], ["y"])], [integers("shape", [1], [4])]));
  assertThrows(() => net(ones([3], { device })), RangeError, ', in Reshape "Reshape_y"');
  const squeezed = await load(model([node("Squeeze", ["x", "axes"], ["y"])], [integers("axes", [1], [0])]));
  assertThrows(
    () => squeezed(ones([3], { device })),
    RangeError,
    'Cannot run Squeeze "Squeeze_y" as axes [0] must have extent 1',
  );
});

Deno.test("loadOnnx() names all operators that are not there, with their nodes, before anything runs", async () => {
  const nodes = [
    node("RoiAlign", ["x"], ["a"]),
    node("Relu", ["a"], ["b"]),
    { ...node("Attention", ["b"], ["c"]), domain: "com.microsoft" },
    node("RoiAlign", ["c"], ["y"]),
    node("Cast", ["x"], ["z"], { to: ONNX_DATA_TYPES.FLOAT8E5M2 }),
  ];
  const error = await assertRejects(() => load(model(nodes)), TypeError);
  assertEquals(
    error.message,
    'Cannot read the bytes as it needs operators that are not there: RoiAlign ("RoiAlign_a", "RoiAlign_y"); ' +
      'com.microsoft.Attention ("Attention_c"); Cast with type FLOAT8E5M2 ("Cast_z")',
  );
});

Deno.test("loadOnnx() refuses graphs whose values do not fit together", async () => {
  const refused = async (nodes: OnnxModel["graph"]["node"], message: string): Promise<void> => {
    await assertRejects(() => load(model(nodes)), TypeError, message);
  };
  await refused([node("Relu", ["z"], ["y"])], 'Relu "Relu_y" takes "z"');
  await refused([node("Relu", ["x"], ["x"])], 'Relu "Relu_x" makes "x" again');
  await refused([], 'nothing makes "y"');
  const list = { name: "x", type: { sequenceType: {} } };
  const other = model([node("Relu", ["x"], ["y"])]);
  await assertRejects(
    () => load({ ...other, graph: { ...other.graph, input: [list] } }),
    TypeError,
    '"x" is of a sequence type',
  );
});

Deno.test("loadOnnx() puts functions of the file in the place of their calls, with the attributes of these", async () => {
  const domain = "org.example",
    alpha = { name: "alpha", type: ONNX_ATTRIBUTE_TYPES.FLOAT, refAttrName: "slope" };
  const leaky = { ...node("LeakyRelu", ["a"], ["b"]), attribute: [alpha] };
  const functions = [
    {
      name: "Twice",
      domain,
      input: ["a"],
      output: ["c"],
      node: [{ ...node("Once", ["a"], ["b"]), domain }, node("Add", ["b", "b"], ["c"])],
      opsetImport: [{ domain: "", version: 18 }],
    },
    {
      name: "Once",
      domain,
      input: ["a"],
      output: ["b"],
      attributeProto: [{ name: "slope", type: ONNX_ATTRIBUTE_TYPES.FLOAT, f: 0.5 }],
      node: [leaky],
      opsetImport: [{ domain: "", version: 18 }],
    },
  ];
  const calls = [{ ...node("Twice", ["x"], ["h"]), domain }, { ...node("Twice", ["h"], ["y"]), domain }];
  const net = await load(model(calls, [], { functions }));
  assertEquals(net(tensor([-8, 1], { device })).tolist(), [-8, 4]);
  const endless = [{ ...functions[0]!, node: [{ ...node("Twice", ["a"], ["c"]), domain }] }];
  await assertRejects(() => load(model(calls, [], { functions: endless })), RangeError, "100 levels deep");
});

/** A node with a graph as its attribute. */
const withGraph = (base: OnnxNode, name: string, g: OnnxGraph): OnnxNode => ({
  ...base,
  attribute: [...base.attribute, { name, type: ONNX_ATTRIBUTE_TYPES.GRAPH, g }],
});

Deno.test("OnnxModule runs the branch of a condition, with the values and parameters around it", async () => {
  const half = model([node("Mul", ["x", "w"], ["r"])], [floats("w", [2], [0.5, 0.5])], {
    input: [],
    output: ["r"],
  });
  const minus = model([node("Neg", ["x"], ["r"])], [], { input: [], output: ["r"] });
  const choice = withGraph(node("If", ["positive"], ["y"]), "then_branch", half.graph);
  const nodes = [
    node("ReduceSum", ["x"], ["s"], { keepdims: 0 }),
    node("Greater", ["s", "zero"], ["positive"]),
    withGraph(choice, "else_branch", minus.graph),
  ];
  const net = await load(model(nodes, [floats("zero", [], [0])]));
  assertEquals(net(tensor([4, 2], { device })).tolist(), [2, 1]);
  assertEquals(net(tensor([-4, 2], { device })).tolist(), [4, -2]);
  const [[name, weight]] = [...net.namedParameters()] as [[string, Parameter]];
  assertEquals(name, 'If "If_y".then_branch/w');
  net(tensor([4, 2], { device })).sum().backward();
  assertEquals(weight.grad?.tolist(), [4, 2]);
});

Deno.test("OnnxModule runs loops: states go from round to round, and other values are stacked", async () => {
  const body = model(
    [node("Add", ["a", "x"], ["b"]), node("Less", ["i", "last"], ["on"]), node("Identity", ["b"], ["c"])],
    [],
    { input: ["i", "go", "a"], output: ["on", "b", "c"] },
  );
  const loop = withGraph(node("Loop", ["rounds", "", "x"], ["sum", "all"]), "body", body.graph);
  const net = await load<OnnxOutputs>(
    model([loop], [integers("rounds", [], [9]), integers("last", [], [1])], { output: ["sum", "all"] }),
  );
  const { sum, all } = net(tensor([1, -1], { device }));
  assertEquals([sum!.tolist(), all!.tolist()], [[3, -3], [[2, -2], [3, -3]]]);
});

Deno.test("OnnxModule wraps integers around that stand in a wider dtype", async () => {
  const int8 = { tensorType: { elemType: ONNX_DATA_TYPES.INT8 } };
  const sum = model([node("Add", ["x", "x"], ["y"])]);
  const net = await load({ ...sum, graph: { ...sum.graph, input: [{ name: "x", type: int8 }] } });
  assertEquals(net(tensor([100, -100, 3], { device, dtype: "int32" })).tolist(), [-56, 56, 6]);
});
