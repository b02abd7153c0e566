/** Modules that cannot be exported, and options that do not fit. */
import { tape } from "@troodon/autograd";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Device, eye, linalg, randn, setDefaultDevice, Tensor, tensor, zeros } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import * as nn from "@troodon/nn";
import { decodeOnnx, exportOnnx, type ExportOptions, saveOnnx } from "@troodon/onnx";
import { Of } from "./of.ts";

const device = new Device(new CpuBackend(), { tape });

const REFUSED: Readonly<Record<string, readonly [() => nn.AnyModule, string]>> = {
  "what depends on elements": [
    () => new nn.Sequential(new Of((x) => x.sum().item() > 0 ? x : x.neg())),
    "must not depend on the elements of tensors: a tensor of shape [] that comes from the inputs is read in 0",
  ],
  "what a mask picks": [() => new Of((x) => x.at(x.gt(0))), "must not depend on the elements of tensors"],
  "random numbers": [
    () => new nn.Sequential(new Of((x) => x.add(randn(x.shape)))),
    "Cannot export normal() in 0 as its graph must give the same results each time",
  ],
  "another way for every number of samples": [
    () => new Of((x) => x.shape[0] === 2 ? x.exp() : x.log()),
    "must run the same operations whatever the extents of dynamic axes are",
  ],
  "numbers from outside that differ": [
    () => {
      let calls = 0;
      return new Of((x) => x.add(tensor([calls++, 0, 0])));
    },
    "made on the host by what differs between calls",
  ],
  "what ONNX has no operator for": [
    () => new nn.Sequential(new Of((x) => x.unsqueeze(2).mul(x.unsqueeze(1)).inverse())),
    "Cannot export inv() in 0 as ONNX must have an operator for it",
  ],
  "a result for each sample": [
    () =>
      new (class extends nn.Module<[Tensor], Tensor[]> {
        override forward(x: Tensor): Tensor[] {
          return x.split(1);
        }
      })(),
    "must return as many tensors whatever the extents of dynamic axes are: current numbers are 2, 3, 7",
  ],
  "an axis that is chosen by the number of samples": [
    () => new Of((x) => x.shape[0] === 3 ? x.narrow(0, 0, 1) : x.narrow(1, 0, 1)),
    "must slice the same axes whatever the extents of dynamic axes are",
  ],
  "a state that a call changes": [
    () => {
      class Counter extends nn.Module {
        readonly calls: Tensor = zeros([1]);
        constructor() {
          super();
          this.registerBuffer("calls");
        }
        override forward(x: Tensor): Tensor {
          return x.add(this.calls.add_(1));
        }
      }
      return new nn.Sequential(new Counter());
    },
    "must not change parameters and buffers in evaluation mode: 0.calls is changed",
  ],
  "another shape for one sample": [
    () => new Of((x) => x.unsqueeze(1).squeeze()),
    "output 0 has the shape [3] for one, where that of several would be [1,3]: name the axis in squeeze()",
  ],
  "a promise": [
    () =>
      new (class extends nn.Module<[Tensor], Promise<Tensor>> {
        override async forward(x: Tensor): Promise<Tensor> {
          return await Promise.resolve(x);
        }
      })(),
    "forward() must not be asynchronous",
  ],
};

for (const [name, [make, message]] of Object.entries(REFUSED)) {
  Deno.test(`exportOnnx() refuses ${name}`, async () => {
    setDefaultDevice(device);
    const module = make();
    const error = await assertRejects(() => exportOnnx(module, randn([2, 3])));
    assert(error instanceof TypeError || error instanceof RangeError);
    assert(error.message.includes(message), error.message);
    assertEquals([...module.modules()].every((part) => part.training), true);
  });
}

Deno.test("exportOnnx() refuses the decompositions of its README, as ONNX has no operator for them", async () => {
  setDefaultDevice(device);
  const readme = await Deno.readTextFile(new URL("../../packages/onnx/README.md", import.meta.url));
  const row = readme.match(/^\| (.*?) *\| ONNX has no operator for decompositions/m)![1]!;
  const names = [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
  const calls: Readonly<Record<string, (x: Tensor) => unknown>> = {
    inv: (x) => x.inverse(),
    solve: (x) => linalg.solve(x, x),
    cholesky: (x) => linalg.cholesky(x),
    qr: (x) => linalg.qr(x),
    svd: (x) => linalg.svd(x),
    eigh: (x) => linalg.eigh(x),
    luFactor: (x) => linalg.luFactor(x),
  };
  assertEquals(names, Object.keys(calls));
  for (const name of names) {
    const module = new Of((x) => {
      const [first] = [calls[name]!(x.mul(0).add(eye(3)))].flatMap((y) =>
        y instanceof Tensor ? [y] : Object.values(y as object)
      );
      return first as Tensor;
    });
    await assertRejects(
      () => exportOnnx(module, randn([2, 3, 3])),
      RangeError,
      `Cannot export ${name}() as ONNX must have an operator for it`,
    );
  }
});

Deno.test("saveOnnx() writes a file with metadata", async () => {
  setDefaultDevice(device);
  const file = await Deno.makeTempFile({ suffix: ".onnx" });
  try {
    await saveOnnx(new nn.Linear(3, 2), zeros([1, 3]), file, {
      metadata: { made: "here" },
      outputNames: ["logits"],
    });
    const { metadataProps, graph } = decodeOnnx(await Deno.readFile(file));
    assertEquals(metadataProps, [{ key: "made", value: "here" }]);
    assertEquals(graph.output.map(({ name }) => name), ["logits"]);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("exportOnnx() refuses options that do not fit the inputs", async () => {
  setDefaultDevice(device);
  const net = new nn.Linear(3, 2), x = zeros([1, 3]);
  const refused = async (options: ExportOptions, message: string): Promise<void> => {
    await assertRejects(() => exportOnnx(net, x, options), RangeError, message);
  };
  await refused({ opsetVersion: 16 }, "opsetVersion must be from 17 to 20");
  await refused({ inputNames: ["a", "b"] }, "example inputs with a name each");
  await refused({ outputNames: [] }, "tensors with a name each");
  await refused({ dynamicAxes: { x: [0] } }, 'there is no "x" among input');
  await refused({ dynamicAxes: { input: [2] } }, "has no axis 2");
  await refused({ inputNames: [""] }, 'the input "" has none, give it one by inputNames');
  await refused({ inputNames: ["weight"] }, 'the input "weight" has that of another');
  await refused(
    { outputNames: ["bias"] },
    'the output "bias" has that of another, give it one by outputNames',
  );
  await refused({ inputNames: ["x"], outputNames: ["x"] }, 'the output "x" has that of another');
});

Deno.test("exportOnnx() refuses what differs between calls, and numbers that grow in steps", async () => {
  setDefaultDevice(device);
  const steps = new Of((x) => x.div(Math.floor(x.shape[1]! / 4))), counted = new Of((x) => x.add(calls++));
  let calls = 0;
  await assertRejects(
    () => exportOnnx(steps, zeros([1, 32]), { dynamicAxes: { input: { 0: "N", 1: "T" } } }),
    RangeError,
    "they were 8, 8, 8, 8, 8, 16",
  );
  // A table that ends before twice the extents.
  const table = zeros([40]), limited = new Of((x) => steps.forward(x).add(table.narrow(0, 0, x.shape[1]!)));
  await assertRejects(
    () => exportOnnx(limited, zeros([1, 32]), { dynamicAxes: { input: { 0: "N", 1: "T" } } }),
    RangeError,
    "they were 8, 8, 8, 8, 8, 4",
  );
  await assertRejects(
    () => exportOnnx(counted, zeros([1, 3]), { dynamicAxes: {} }),
    RangeError,
    "they were 0, 1",
  );
});

Deno.test("exportOnnx() refuses tensors in a Set or an instance of a class, which it would not find", async () => {
  setDefaultDevice(device);
  class Pair {
    readonly second: Tensor = zeros([1, 3]);
  }
  const given = new (class extends nn.Module<[Tensor, unknown], Tensor> {
    override forward(x: Tensor): Tensor {
      return x.neg();
    }
  })();
  const returning = (value: () => unknown) =>
    new (class extends nn.Module<[Tensor], unknown> {
      override forward(x: Tensor): unknown {
        return [x.neg(), value()];
      }
    })();
  const refused = async (module: nn.AnyModule, inputs: unknown[], message: string): Promise<void> => {
    await assertRejects(() => exportOnnx(module, inputs), TypeError, message);
  };
  const x = zeros([1, 3]);
  await refused(
    given,
    [x, new Pair()],
    "tensors of its inputs must be alone, in lists, records or maps: some are in a Pair",
  );
  await refused(given, [x, [new Set([x])]], "some are in a Set");
  await refused(given, [x, x.max(1)], "some are in a");
  await refused(returning(() => new Pair()), [x], "tensors of its results must be alone");
  await refused(returning(() => new Set([zeros([1])])), [x], "some are in a Set");
});

Deno.test("exportOnnx() refuses arguments of other kinds by their names", async () => {
  setDefaultDevice(device);
  const net = new nn.Linear(3, 2), x = zeros([1, 3]);
  const refused = async (args: readonly unknown[], message: string): Promise<void> => {
    const call: (...args: readonly unknown[]) => Promise<unknown> = exportOnnx as never;
    await assertRejects(() => call(...args), TypeError, `Cannot export a module as ${message}`);
  };
  await refused([null, x], "it must be one: current one is null");
  await refused([net.forward, x], "it must be one");
  await refused([net, null], "its inputs must be a tensor or a list: current ones are null");
  await refused([net, x, { dynamicAxes: null }], "dynamicAxes must be axes by input");
  await refused([net, x, { dynamicAxes: { input: 0 } }], "dynamicAxes must be axes by input");
  await refused([net, x, { dynamicAxes: { input: { 0: 5 } } }], "dynamicAxes must be axes by input");
  await refused([net, x, { inputNames: "x" }], "inputNames must be a list of names");
  await refused([net, x, { outputNames: [5] }], "outputNames must be a list of names");
  await refused([net, x, { metadata: { epochs: 5 } }], "metadata must be texts by name");
});
