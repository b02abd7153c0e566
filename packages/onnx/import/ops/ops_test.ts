import { assertAlmostEquals, assertEquals } from "@std/assert";
import { arange, Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import {
  encodeOnnx,
  loadOnnx,
  ONNX_ATTRIBUTE_TYPES,
  type OnnxAttribute,
  type OnnxTensor,
} from "../../mod.ts";
import { floats, integers, model, node } from "../../testdata/graph.ts";

const device = new Device(new ReferenceBackend());

/** The first output of a node whose inputs behind the first are stored. */
async function run(
  opType: string,
  x: Tensor,
  stored: readonly (OnnxTensor | null)[],
  attribute: readonly OnnxAttribute[] = [],
): Promise<Tensor> {
  const input = ["x", ...stored.map((tensor) => tensor?.name ?? "")];
  const call = { ...node(opType, input, ["y"]), attribute };
  const net = await loadOnnx(
    encodeOnnx(model([call], stored.filter((tensor) => tensor !== null))),
    { device },
  );
  return net(x);
}

const float = (name: string, f: number): OnnxAttribute => ({ name, type: ONNX_ATTRIBUTE_TYPES.FLOAT, f });
const text = (name: string, s: string): OnnxAttribute => ({
  name,
  type: ONNX_ATTRIBUTE_TYPES.STRING,
  s: new TextEncoder().encode(s),
});

// Expected values are those of onnxruntime 1.30.

Deno.test("Slice begins at the first element where its start lies before it, also backwards", async () => {
  const x = arange(5, { device });
  const slice = async (start: number, end: number, step: number): Promise<unknown> => {
    const stored = [integers("s", [1], [start]), integers("e", [1], [end]), integers("a", [1], [0])];
    return (await run("Slice", x, [...stored, integers("t", [1], [step])])).tolist();
  };
  assertEquals(await slice(-9, -(2 ** 62), -1), [0]);
  assertEquals(await slice(9, -(2 ** 62), -2), [4, 2, 0]);
  assertEquals(await slice(3, 0, -1), [3, 2, 1]);
  assertEquals(await slice(-9, 2 ** 62, 2), [0, 2, 4]);
});

Deno.test("Resize takes the first element for a result of one by pytorch_half_pixel, whatever the scale", async () => {
  const x = tensor([[[1, 20, 300]]], { device });
  const attributes = [text("mode", "cubic"), text("coordinate_transformation_mode", "pytorch_half_pixel")];
  assertEquals((await run("Resize", x, [null, floats("s", [3], [1, 1, 0.5])], attributes)).tolist(), [[[1]]]);
});

Deno.test("Resize to nothing gives no elements", async () => {
  assertEquals(
    (await run("Resize", tensor([[[1]]], { device }), [null, floats("s", [3], [1, 1, 0.5])])).shape,
    [1, 1, 0],
  );
});

Deno.test("LSTM bounds the sums of its gates, and not its cell", async () => {
  const x = tensor([[[10]]], { device });
  const stored = [
    floats("w", [1, 4, 1], [1, 1, 1, 1]),
    floats("r", [1, 4, 1], [0, 0, 0, 0]),
    null,
    null,
    null,
    floats("c", [1, 1, 1], [2]),
  ];
  const sigmoid = 1 / (1 + Math.exp(-0.3)), cell = sigmoid * (2 + Math.tanh(0.3));
  const y = await run("LSTM", x, stored, [float("clip", 0.3)]);
  assertAlmostEquals(y.reshape([]).item(), sigmoid * Math.tanh(cell), 1e-6);
});

Deno.test("MaxPool gives the positions of its maxima in the input, not in the input with margins", async () => {
  const x = tensor([[[3, 1, 2, 5]]], { device });
  const call = node("MaxPool", ["x"], ["y", "at"], { kernel_shape: [3], strides: [2], pads: [1, 1] });
  const net = await loadOnnx<Record<string, Tensor>>(
    encodeOnnx(model([call], [], { output: ["y", "at"] })),
    { device },
  );
  const { y, at } = net(x);
  assertEquals([y!.tolist(), at!.tolist()], [[[[3, 5]]], [[[0, 3]]]]);
});
