/** Networks that PyTorch exported to ONNX, which `scripts/torch/onnx_models.py` wrote, at another batch than the traced one. */
import { assert, assertEquals } from "@std/assert";
import { Adam, chooseDevice, crossEntropy, onnx, type Tensor, tensor } from "@troodon/troodon";
import { caseTensor, runCase } from "../scripts/onnx/case.ts";
import { recordedCases } from "../scripts/onnx/recorded_cases.ts";

const cases = await recordedCases("onnx_models");

/** The networks that run on each device: a software GPU has to compile every kernel. */
const WANTED: Readonly<Record<string, RegExp>> = {
  cpu: /./,
  reference: /./,
  webgpu: /(lenet_legacy|gpt_dynamo|unet_dynamo)/,
};

for (const [name, wanted] of Object.entries(WANTED)) {
  Deno.test(`loadOnnx() gives PyTorch's outputs for networks that it exported, to 1e-5, on ${name}`, async () => {
    const device = await chooseDevice(name, { log: null }), failed: string[] = [];
    const chosen = cases.filter((found) => wanted.test(found.name));
    assert(chosen.length >= (name === "webgpu" ? 3 : 20), `${chosen.length}`);
    for (const found of chosen) {
      assert(found.tolerance.rtol <= 1e-5 && found.tolerance.atol <= 1e-5);
      const outcome = await runCase(found, device);
      if (outcome.kind !== "passed") failed.push(`${found.name}: ${outcome.reason}`);
    }
    assertEquals(failed, []);
  });
}

Deno.test("loadOnnx() reads the file beside a model that PyTorch exported with external data", async () => {
  const device = await chooseDevice("cpu", { log: null }),
    folder = new URL("testdata/onnx/", import.meta.url);
  const read = async (name: string) => await caseTensor(await Deno.readFile(new URL(name, folder)), device);
  const net = await onnx.loadOnnx(new URL("model.onnx", folder), { device });
  const difference = net(await read("input_0.pb")).sub(await read("output_0.pb")).abs().max().item();
  assert(difference < 1e-5, `${difference}`);
});

Deno.test("an exported LeNet trains on as its parameters are those of PyTorch", async () => {
  const device = await chooseDevice("cpu", { log: null });
  const { model, inputs } = cases.find(({ name }) => name.includes("lenet_legacy"))!;
  const net = await onnx.loadOnnx(model), x = await caseTensor(inputs[0]!, device);
  assertEquals([...net.namedParameters()].map(([name, { shape }]) => `${name} [${shape}]`), [
    "features.0.weight [4,1,5,5]",
    "features.0.bias [4]",
    "features.3.weight [6,4,5,5]",
    "features.3.bias [6]",
    "classifier.0.weight [20,96]",
    "classifier.0.bias [20]",
    "classifier.2.weight [10,20]",
    "classifier.2.bias [10]",
  ]);
  const targets = tensor([7, 2, 9], { dtype: "int64" }), loss = (): Tensor => crossEntropy(net(x), targets);
  const optimizer = new Adam(net.parameters(), { lr: 0.02 }), before = loss().item();
  for (let step = 0; step < 25; step++) {
    optimizer.zeroGrad();
    loss().backward();
    optimizer.step();
  }
  assert(before > 1.5 && loss().item() < 0.2, `${before} ${loss().item()}`);
});
