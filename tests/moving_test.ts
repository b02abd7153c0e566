import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, type DType, manualSeed, randn, ReferenceBackend, tensor, tidySync } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { BatchNorm1d, Linear, type Module, ReLU, Sequential } from "@troodon/nn";
import { Adam, AveragedParameters, ema, LBFGS, Muon, type Optimizer, SGD } from "@troodon/optim";
import { GPU_DEVICES } from "./reference/gpu.ts";

const reference = () => new Device(new ReferenceBackend(), { tape });
const cpu = () => new Device(new CpuBackend(), { tape });

function makeNet(device: Device): Module {
  manualSeed(5);
  return new Sequential(
    new Linear(4, 8, { device, dtype: "float32" }),
    new BatchNorm1d(8, { device }),
    new ReLU(),
    new Linear(8, 2, { device }),
  );
}

/** A step of training on the device and in the dtype that the net is in; the loss. */
function step(net: Module, optimizer: Optimizer, turn: number): number {
  const { device, dtype } = net.parameters().next().value!;
  return tidySync(() => {
    manualSeed(turn);
    const x = randn([6, 4], { device, dtype }), y = randn([6, 2], { device, dtype });
    const closure = () => {
      optimizer.zeroGrad();
      const loss = net.forward(x).sub(y).square().mean();
      loss.backward();
      return loss;
    };
    return optimizer.step(closure).item();
  });
}

const OPTIMIZERS: Readonly<Record<string, (net: Module) => Optimizer>> = {
  Adam: (net) => new Adam(net.parameters(), { lr: 0.01 }),
  SGD: (net) => new SGD(net.parameters(), { lr: 0.05, momentum: 0.9 }),
  LBFGS: (net) => new LBFGS(net.parameters(), { maxIter: 2 }) as unknown as Optimizer,
  Muon: (net) => new Muon([...net.parameters()].filter((p) => p.ndim === 2), { lr: 0.01 }),
};

const backends: readonly (readonly [name: string, make: () => Device])[] = [
  ["reference", reference],
  ["cpu", cpu],
  ...GPU_DEVICES.map((device) => [device.name, () => device] as const),
];

for (const [name, make] of Object.entries(OPTIMIZERS)) {
  Deno.test(`module.to() and ${name} go on with the same losses from device to device`, async () => {
    const still = makeNet(reference()), moving = makeNet(reference());
    const [a, b] = [make(still), make(moving)];
    let turn = 0;
    for (const [, device] of [...backends, ...backends.toReversed()]) {
      const there = device();
      await moving.toAsync(there);
      await b.toAsync();
      for (let i = 0; i < 3; i++, turn++) {
        assertAlmostEquals(
          step(moving, b, turn),
          step(still, a, turn),
          2e-3,
          `step ${turn} on ${there.name}`,
        );
      }
    }
  });

  Deno.test(`module.to() and ${name} go on in another dtype, what is remembered along`, () => {
    const net = makeNet(cpu()), other = makeNet(cpu());
    const [a, b] = [make(net), make(other)];
    let turn = 0;
    for (const dtype of ["float32", "float64", "float32"] satisfies DType[]) {
      other.to(dtype);
      for (let i = 0; i < 3; i++, turn++) assertAlmostEquals(step(other, b, turn), step(net, a, turn), 2e-3);
      const dtypes = [...b.state.values()].flatMap((s) => Object.values(s)).flatMap((v) =>
        typeof v === "number" ? [] : [v.dtype]
      );
      assertEquals(new Set(dtypes), new Set([dtype]));
    }
  });
}

Deno.test("AveragedParameters follow the parameters", () => {
  const [here, there] = [reference(), cpu()];
  const p = tensor([0, 8], { device: here });
  const averages = new AveragedParameters([p], { weight: ema(0.75) });
  averages.update();
  p.setData(p.to(there, "float64")).fill_(4);
  averages.update();
  assertEquals(averages.averages[0]!.tolist(), [1, 7]);
  p.setData(p.to(here));
  using _ = averages.applied();
  assertEquals([p.tolist(), p.dtype, p.device === here], [[1, 7], "float64", true]);
});

Deno.test("to() is differentiable between any two backends that can be read synchronously", () => {
  const devices = [reference(), cpu(), ...GPU_DEVICES].filter((device) => device.canReadSync);
  for (const from of devices) {
    for (const to of devices) {
      const x = tensor([1, 2, 3], { device: from, requiresGrad: true });
      x.to(to, { copy: true }).square().to(from).mul(x).sum().backward();
      assertEquals([x.grad!.tolist(), x.grad!.device === from], [[3, 12, 27], true]);
    }
  }
});

Deno.test("tensors of two devices are refused with the way out", () => {
  assertThrows(
    () => tensor([1], { device: reference() }).add(tensor([1], { device: cpu() })),
    TypeError,
    "current devices are reference and cpu: move one by to()",
  );
});
