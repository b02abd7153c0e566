/** The tutorial's walk through LeNet, against what PyTorch gave for the same weights. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { type Device, type GradNode, setDefaultDevice, type Tensor, tensor } from "@troodon/core";
import { noGrad } from "@troodon/autograd";
import { Conv2d, CrossEntropyLoss, Linear, Module, MSELoss } from "@troodon/nn";
import { load } from "@troodon/serialization";
import { SGD } from "@troodon/optim";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

class LeNet extends Module {
  conv1 = new Conv2d(1, 6, 5);
  conv2 = new Conv2d(6, 16, 5);
  fc1 = new Linear(16 * 5 * 5, 120);
  fc2 = new Linear(120, 84);
  fc3 = new Linear(84, 10);

  override forward(input: Tensor): Tensor {
    const c1 = this.conv1.forward(input).relu();
    const s2 = c1.maxPool2d(2);
    const c3 = this.conv2.forward(s2).relu();
    const s4 = c3.maxPool2d(2).flatten(1);
    const f5 = this.fc1.forward(s4).relu();
    const f6 = this.fc2.forward(f5).relu();
    return this.fc3.forward(f6);
  }
}

const folder = new URL("./reference/", import.meta.url);
const expected = JSON.parse(Deno.readTextFileSync(new URL("lenet.json", folder)));

const given = ({ data, shape }: { data: number[]; shape: number[] }, dtype: "float32" | "int32") =>
  tensor(Float64Array.from(data), { dtype }).reshape(shape);

/** LeNet with the weights that PyTorch saved by its name, or in the format of before version 1.6. */
async function loaded(device: Device, file = "lenet_state_dict.pth"): Promise<LeNet> {
  setDefaultDevice(device);
  const net = new LeNet();
  net.loadStateDict(await load(new URL(`./testdata/${file}`, import.meta.url)));
  return net;
}

const norm = (t: Tensor): number => Math.hypot(...t.dataSync() as Float32Array);

for (const device of [...DEVICES, ...GPU_DEVICES]) {
  Deno.test(`LeNet gives PyTorch's logits, loss and gradients on ${device.name}`, async () => {
    const net = await loaded(device);
    const logits = net.forward(given(expected.input, "float32"));
    logits.dataSync().forEach((v, i) => assertAlmostEquals(v, expected.logits.data[i], 1e-6));
    const loss = new CrossEntropyLoss().forward(logits, given(expected.target, "int32"));
    assertAlmostEquals(loss.item(), expected.loss, 1e-6);
    net.zeroGrad();
    loss.backward();
    for (const [name, parameter] of net.namedParameters()) {
      assertEquals(parameter.shape, expected.parameter_shapes[name]);
      assertAlmostEquals(norm(parameter.grad!), expected.gradient_norms[name], 2e-6);
    }
    net.conv1.bias!.grad!.dataSync().forEach((v, i) =>
      assertAlmostEquals(v, expected["conv1.bias.grad"].data[i], 1e-6)
    );
  });

  Deno.test(`LeNet gives PyTorch's logits with weights of before version 1.6 on ${device.name}`, async () => {
    const net = await loaded(device, "lenet_state_dict_legacy.pth");
    const logits = net.forward(given(expected.input, "float32"));
    logits.dataSync().forEach((v, i) => assertAlmostEquals(v, expected.logits.data[i], 1e-6));
  });

  Deno.test(`gradFn leads from the MSELoss to the first convolution on ${device.name}`, async () => {
    const net = await loaded(device);
    const output = net.forward(given(expected.input, "float32"));
    const loss = new MSELoss().forward(output, output.detach().mul(2));
    const names: string[] = [];
    for (let node: GradNode | null = loss.gradFn; node !== null; node = node.nextFunctions[0]![0]) {
      names.push(node.name);
    }
    const hidden = ["ReluBackward0", "AddmmBackward0"];
    const convolution = ["MaxPool2DWithIndicesBackward0", "ReluBackward0", "ConvolutionBackward0"];
    assertEquals(names, [
      ...["MseLossBackward0", "AddmmBackward0", ...hidden, ...hidden, "ViewBackward0"],
      ...[...convolution, ...convolution],
    ]);
    // From the last convolution found, the way on leads to its weight.
    let first: GradNode = loss.gradFn!;
    while (first.nextFunctions[0]?.[0]) first = first.nextFunctions[0][0];
    assertEquals(first.nextFunctions.map(([n]) => n?.name ?? null), [
      null,
      "AccumulateGrad",
      "AccumulateGrad",
    ]);
  });

  Deno.test(`a manual update and SGD are the same step on ${device.name}`, async () => {
    const [a, b] = [await loaded(device), await loaded(device)];
    const input = given(expected.input, "float32"), target = given(expected.target, "int32");
    for (const net of [a, b]) new CrossEntropyLoss().forward(net.forward(input), target).backward();
    {
      using _ = noGrad();
      for (const p of a.parameters()) p.sub_(p.grad!.mul(0.01));
    }
    new SGD(b.parameters(), { lr: 0.01 }).step();
    for (const [name, p] of a.namedParameters()) {
      const other = b.stateDict().get(name)!.dataSync();
      // The optimizer may multiply and add with one rounding, where the ops by hand have two.
      p.dataSync().forEach((v, i) =>
        assertAlmostEquals(v, other[i]!, 2 ** -23 * Math.max(Math.abs(v), 1 / 16))
      );
    }
  });
}
