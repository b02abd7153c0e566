import { assertEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  type Backend,
  Device,
  type DType,
  manualSeed,
  randn,
  ReferenceBackend,
  type Tensor,
  tensor,
  tidySync,
} from "@troodon/core";
import { flatPlace } from "@troodon/core/kernel";
import { Adam, flattenParameters } from "./mod.ts";

/** A backend whose launches may have few buffers together, as a GPU's. */
class Narrow extends ReferenceBackend {
  override readonly limits: Backend["limits"] = { ...new ReferenceBackend().limits, launchBuffers: 8 };
}

const make = (): Device => new Device(new Narrow(), { tape });

function parametersOn(device: Device): Tensor[] {
  manualSeed(1);
  return [[3, 2], [3], [16]].map((shape) => randn(shape, { device, requiresGrad: true }));
}

function leaveGradients(parameters: readonly Tensor[]): void {
  tidySync(() => parameters.map((p) => p.pow(3).sum()).reduce((sum, loss) => sum.add(loss)).backward());
}

function convert(parameters: readonly Tensor[], dtype: DType): void {
  for (const p of parameters) {
    using data = tidySync(() => p.detach().to(dtype));
    p.setData(data);
  }
}

const numbersOf = (t: Tensor): number[] => [...t.dataSync()].map(Number);

Deno.test("FlatParameters.data and gatherGradients() hold zeros between the tensors, whatever was left there", () => {
  using device = make();
  const parameters = parametersOn(device), [flat] = flattenParameters(parameters);
  leaveGradients(parameters);
  const values = [...parameters, ...parameters.map((p) => p.grad!)].map((t) => t.dataSync());
  for (const [all, from] of [[() => flat!.data, 0], [() => flat!.gatherGradients(), 3]] as const) {
    all().fill_(NaN);
    values.slice(from, from + 3).forEach((numbers, i) => {
      const t = from === 0 ? parameters[i]! : parameters[i]!.grad!;
      t.detach().copy_(tensor(numbers, { device }).reshape(t.shape));
    });
    const whole = numbersOf(all());
    assertEquals(
      whole.filter((x) => x !== 0),
      values.slice(from, from + 3).flatMap((v) => [...v].map(Number)),
    );
    assertEquals(whole.length, 16 * 5);
  }
});

Deno.test("the memory of parameters is given up when the last of them has left it", () => {
  using device = make();
  const parameters = parametersOn(device), optimizer = new Adam(parameters, { lr: 0.1 });
  leaveGradients(parameters);
  optimizer.step();
  optimizer.zeroGrad();
  assertEquals(device.memory.buffers, 4, "parameters, gradients and two states");
  convert(parameters, "float64");
  // The states are still there.
  assertEquals(device.memory.buffers, parameters.length + 2);
  leaveGradients(parameters);
  optimizer.step();
  assertEquals(parameters.map((p) => flatPlace(p)?.index), [0, 1, 2]);
  optimizer.zeroGrad();
  leaveGradients(parameters);
  optimizer.step();
  assertEquals([device.memory.buffers, flatPlace(parameters[2]!.grad!)?.index], [4, 2]);
  optimizer.dispose();
  optimizer.zeroGrad();
  for (const p of parameters) p.dispose();
  assertEquals(device.memory.buffers, 0);
});

Deno.test("an optimizer made after another was disposed of changes the same parameters by one launch", () => {
  using device = make();
  const parameters = parametersOn(device), buffers: number[] = [];
  for (let i = 0; i < 3; i++) {
    const optimizer = new Adam(parameters, { lr: 0.1 });
    leaveGradients(parameters);
    optimizer.step();
    let launches = 0;
    {
      using _ = device.listen(() => launches++);
      optimizer.step();
    }
    assertEquals(launches, 1);
    assertEquals(parameters.map((p) => flatPlace(p.grad!)?.index), [0, 1, 2]);
    optimizer.zeroGrad();
    optimizer.dispose();
    buffers.push(device.memory.buffers);
  }
  assertEquals(buffers, [1, 1, 1]);
});

Deno.test("optimizers lay parameters anew whose memory was given up", () => {
  using device = make();
  const parameters = parametersOn(device), [flat] = flattenParameters(parameters);
  flat![Symbol.dispose]();
  new Adam(parameters);
  leaveGradients(parameters);
  assertEquals(parameters.map((p) => flatPlace(p.grad!)?.index), [0, 1, 2]);
});

Deno.test("FlatParameters.gatherGradients() takes gradients with a graph", () => {
  using device = make();
  const parameters = parametersOn(device), [flat] = flattenParameters(parameters);
  const loss = parameters.map((p) => p.pow(3).sum()).reduce((sum, part) => sum.add(part));
  loss.backward({ createGraph: true });
  const values = parameters.flatMap((p) => numbersOf(p.grad!));
  assertEquals(numbersOf(flat!.gatherGradients()).filter((x) => x !== 0), values);
});

Deno.test("FlatParameters.gatherGradients() changes nothing where a gradient does not fit", () => {
  using device = make();
  using other = make();
  const parameters = parametersOn(device), [flat] = flattenParameters(parameters);
  const first = tensor([[1, 2], [3, 4], [5, 6]], { device });
  for (
    const [wrong, error, message] of [
      [
        tensor([1], { device }),
        RangeError,
        "that of parameter 1 must have its shape: current shapes are [1] and [3]",
      ],
      [tensor([1, 2, 3], { device: other }), TypeError, "all its tensors must be on one device"],
    ] as const
  ) {
    [first, wrong, null].forEach((grad, i) => parameters[i]!.grad = grad);
    assertThrows(() => flat!.gatherGradients(), error, message);
    assertEquals([flatPlace(first), first.tolist()], [null, [[1, 2], [3, 4], [5, 6]]]);
  }
  parameters[1]!.grad = null;
  assertEquals(numbersOf(flat!.gatherGradients()).filter((x) => x !== 0), [1, 2, 3, 4, 5, 6]);
});

Deno.test("FlatParameters refuses to show as one tensor what is not there any more", () => {
  using device = make();
  const parameters = parametersOn(device), [flat] = flattenParameters(parameters);
  const show = [() => flat!.data, () => flat!.gatherGradients()];
  convert(parameters.slice(1, 2), "float64");
  for (const f of show) assertThrows(f, ReferenceError, "parameter 1 lies elsewhere since");
  convert(parameters, "float64");
  for (const f of show) assertThrows(f, ReferenceError, "as all parameters must lie in its memory");
  const [again] = flattenParameters(parameters);
  again![Symbol.dispose]();
  assertThrows(() => again!.data, ReferenceError, "it was given up");
});
