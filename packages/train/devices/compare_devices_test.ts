import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  type Backend,
  Device,
  manualSeed,
  nllLoss,
  rand,
  randint,
  randn,
  ReferenceBackend,
  setDefaultDevice,
  type Tensor,
} from "@troodon/core";
import { type CallListener, flow, type OpCall } from "@troodon/core/kernel";
import {
  BatchNorm2d,
  Conv2d,
  CrossEntropyLoss,
  Dropout,
  Embedding,
  Flatten,
  Linear,
  LogSoftmax,
  MaxPool2d,
  ReLU,
  Sequential,
} from "@troodon/nn";
import { compareDevices, type DeviceComparison, formatDeviceComparison, type StepLoss } from "../mod.ts";
import { worstElement } from "./difference.ts";
import { replay } from "./replay.ts";

type Launch = Parameters<ReferenceBackend["launch"]>;

/** A device whose backend is told of each launch after it ran, and may spoil what it wrote. */
function spoiled(spoil: (backend: ReferenceBackend, ...launch: Launch) => void = () => {}): Device {
  class Spoiled extends ReferenceBackend {
    override launch(...launch: Launch): void {
      super.launch(...launch);
      spoil(this, ...launch);
    }
  }
  return new Device(new Spoiled(), { tape });
}

/** Adds `by` to the element at place `at` of the memory of a float32 output. */
function change(backend: ReferenceBackend, [view]: Launch[2], at: number, by: number): void {
  const bytes = backend.readSync(view!.buffer), numbers = new Float32Array(bytes.buffer, bytes.byteOffset);
  numbers[view!.offset + at]! += by;
  backend.write(view!.buffer, bytes);
}

function setUp(): { device: Device; model: Sequential; batch: readonly Tensor[] } {
  const device = new Device(new ReferenceBackend(), { tape });
  setDefaultDevice(device);
  manualSeed(3);
  const model = new Sequential(
    ...[
      new Conv2d(1, 4, 3),
      new BatchNorm2d(4),
      new ReLU(),
      new MaxPool2d(2),
      new Flatten(),
      new Dropout(0.25),
    ],
    ...[new Linear(36, 8), new ReLU(), new Linear(8, 3)],
  );
  return { device, model, batch: [rand([4, 1, 8, 8]), randint(0, 3, [4], { dtype: "int64" })] };
}

const loss = new CrossEntropyLoss();

/** Results of a fault in a kernel. */
async function found(spoil: Parameters<typeof spoiled>[0]): Promise<DeviceComparison> {
  const { device, model, batch } = setUp();
  return await compareDevices(model, batch, loss, { devices: [device, spoiled(spoil)] });
}

Deno.test("compareDevices() finds nothing on a device that is right, and leaves everything as it was", async () => {
  const { device, model, batch } = setUp(), other = spoiled();
  const state = () => [...model.stateDict().values()].map((t) => t.tolist());
  const before = state(), buffers = device.memory.buffers, generator = device.generator.getState();
  const { parted, skipped, calls, drift, devices } = await compareDevices(model, batch, loss, {
    devices: [other, device],
  });
  assertEquals([parted, skipped, devices], [[], [], ["reference", "reference 2"]]);
  assert(calls > 30);
  assertEquals(drift.length, 10);
  for (const { output, gradient, parameters } of drift) {
    assertEquals([output, gradient, parameters ?? 0], [0, 0, 0]);
  }
  assertEquals([state(), device.memory.buffers, other.memory.buffers], [before, buffers, 0]);
  assertEquals(device.generator.getState(), generator);
  assertEquals([model.training, [...model.parameters()].every(({ grad }) => grad === null)], [true, true]);
});

Deno.test("compareDevices() finds a fault in the forward pass, with its layer and element", async () => {
  let products = 0;
  const comparison = await found((backend, call, _, outputs) => {
    // The first product with 8 columns is that of the first Linear layer.
    if (call.kernel === "matmul" && outputs[0]!.shape.at(-1) === 8 && products++ === 0) {
      change(backend, outputs, 11, 0.5);
    }
  });
  const { op, layer, phase, position, worst, devices, gradientOf } = comparison.first!;
  assertEquals([layer, phase, position, gradientOf], ["6 (Linear)", "forward", [1, 3], null]);
  assertEquals([op, devices, worst.count], ["linear", ["reference", "reference 2"], 1]);
  assert(Math.abs(worst.found - worst.expected - 0.5) < 1e-6);
  const text = formatDeviceComparison(comparison);
  assertStringIncludes(text, "linear() parts in layer 6 (Linear) (forward)");
  assertStringIncludes(text, "worst element [1, 3]: reference 0.0485");
});

Deno.test("compareDevices() finds a fault in the backward pass, with the layer of the gradient", async () => {
  const comparison = await found((backend, call, _, outputs) => {
    const { shape } = outputs[0]!;
    if (call.kernel === "matmul" && shape.join() === "8,36") change(backend, outputs, 35, 1);
  });
  const { layer, phase, gradientOf, position, shape } = comparison.first!;
  assertEquals([layer, phase, gradientOf], ["6 (Linear)", "backward", "AddmmBackward0"]);
  assertEquals([position, shape], [[0, 35], [8, 36]]);
  // By itself the device has the fault in one gradient, and nowhere before.
  const faulty = comparison.drift.filter(({ output, gradient, parameters }) =>
    output || gradient || parameters
  );
  assertEquals(faulty.map(({ layer, output, gradient }) => [layer, output, gradient]), [["6", 0, 0]]);
  assert(faulty[0]!.parameters! > 0.1);
});

Deno.test("replay() makes calls with inputs as they lie in memory, and in place with what was there before", () => {
  const { device } = setUp(), x = randn([2, 3]), heard: (readonly (readonly unknown[])[])[] = [];
  const strides: string[] = [];
  const other = spoiled((_backend, _call, inputs) =>
    void strides.push(inputs.map((view) => view.strides.join()).join(" "))
  );
  const values = (tensors: readonly Tensor[]) => tensors.map((t) => t.tolist());
  let before: readonly unknown[] = [];
  const make = (call: OpCall): readonly unknown[] => {
    strides.length = 0;
    const made = flow.runInFrame({ listener: null }, () => values(replay(call, other)));
    return [made, call.op.name, strides.at(-1)];
  };
  const listener: CallListener = {
    expands: () => false,
    read: () => {},
    overwrites: (call) => void (before = make(call)),
    heard: (call) => {
      if (call.inputs[0]?.device !== device || call.op.kind === "view") return;
      const [made, ...rest] = call.inPlace ? before : make(call);
      heard.push([
        made as readonly unknown[],
        flow.runInFrame({ listener: null }, () => values(call.outputs)),
        rest,
      ]);
    },
  };
  flow.runInFrame({ listener }, () => {
    const y = x.t().mul(2);
    y.add_(x.sum(0).unsqueeze(1).expand([3, 2])).mul_(y.clone());
    y.flip(0).slice(1, 0, 2, 2).exp();
  });
  for (const [made, outputs] of heard) assertEquals(made, outputs);
  assertEquals(heard.map(([, , seen]) => seen), [
    ["mul", "1,3"],
    ["sum", "3,1"],
    ["add", "2,1 1,0"],
    ["clone", "2,1"],
    ["mul", "2,1 2,1"],
    ["flip", "-2,1"],
    ["exp", "2,2"],
  ]);
});

Deno.test("compareDevices() takes networks of integers, results of several, and says what a device has not", async () => {
  const { device } = setUp();
  const model = new Sequential(new Embedding(5, 3), new LogSoftmax(-1));
  class Narrow extends ReferenceBackend {
    override readonly limits = { dtypes: ["float32", "bool", "int32"] as const, bufferBytes: 2 ** 30 };
  }
  const narrow = new Device(new Narrow(), { tape });
  const x = randint(0, 5, [4], { dtype: "int64" });
  const step: StepLoss<Sequential, Tensor> = (model, x) => {
    const { values } = model(x).max(-1);
    return nllLoss(model(x), x.remainder(3)).add(values.sum());
  };
  const right = await compareDevices(model, x, step, { devices: [device, spoiled()] });
  assertEquals([right.parted, right.skipped], [[], []]);
  const lockstep = compareDevices(model, x, step, { devices: [device, narrow] });
  await assertRejects(() => lockstep, TypeError, "int64");
});

Deno.test("compareDevices() refuses fewer than two devices, and what is neither a model nor a loss", async () => {
  const { device, model, batch } = setUp(), devices = [device, spoiled()];
  await assertRejects(
    () => compareDevices(model, batch, loss, { devices: [device, device] }),
    TypeError,
    "count is 1",
  );
  await assertRejects(
    () => compareDevices({} as never, batch, loss, { devices }),
    TypeError,
    "must be a module",
  );
  await assertRejects(
    () => compareDevices(model, batch, 1 as never, { devices }),
    TypeError,
    "must be a loss",
  );
  const mute = devices.map(() => {
    const backend: Backend = new ReferenceBackend();
    return new Device(Object.assign(Object.create(backend), { readSync: undefined }), { tape });
  });
  await assertRejects(
    () => compareDevices(model, batch, loss, { devices: mute }),
    TypeError,
    "readable at once",
  );
});

Deno.test("worstElement() allows rounding, and no other integer, NaN or infinity", () => {
  const options = { dtype: "float32", inputs: 1, sums: false, tolerance: 1e-4 } as const;
  assertEquals(worstElement([1, 2, NaN, Infinity, 0], [1.00005, 2, NaN, Infinity, -0], options), null);
  const worst = worstElement([1, 2, 3, 4], [1.001, 2.1, NaN, 4], options)!;
  assertEquals([worst.at, worst.count], [2, 3]);
  assertEquals(worstElement([1, 2, 3], [1.001, 2.1, 3], options)!.at, 1);
  // A sum of numbers near 1 that cancel out is 0 but for their rounding.
  assertEquals(worstElement([0], [2e-6], { ...options, sums: true }), null);
  assertEquals(worstElement([0], [2e-6], options)?.at, 0);
  const int64 = { ...options, dtype: "int64" } as const;
  assertEquals(worstElement([2n ** 60n, 1n], [2n ** 60n + 1n, 1n], int64)?.at, 0);
  assertEquals(worstElement([5n], [5n], int64), null);
});
