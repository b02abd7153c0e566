/** Each op of the conformance suite, called with operands that do not fit: the error names what was called. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import * as core from "@troodon/core";
import { Device, ReferenceBackend, Scope, setDefaultDevice, type Tensor, tensor } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { CASES, draw, type OpCase, type Sample } from "@troodon/testing";

/** Other names of functions, by which errors call them, and calls of the suite that are made of several functions. */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  amax: ["amin"],
  asStrided: ["expand", "slice", "t"],
  asStridedScatter: ["t"],
  chainMatmul: ["matmul", "multiDot"],
  corrcoef: ["select"],
  expandAs: ["expand"],
  fft: Object.keys(core.fft),
  inverse: ["inv"],
  linearRelu: ["linear"],
  mH: ["adjoint"],
  mT: ["adjoint"],
  maskedScatter_: ["expand"],
  moveaxis: ["movedim"],
  overlapAdd: ["fold"],
  pinverse: ["pinv"],
  reshapeAs: ["reshape"],
  set: ["t"],
  slidingWindow: ["unfold"],
  tripletMarginWithDistanceLoss: ["pairwiseDistance"],
  variance: ["var"],
  vectorNorm: ["norm"],
  viewAs: ["view"],
};

/** The tensor with its first part along an axis once more at its end. */
const grown = (x: Tensor, dim: number): Tensor => core.cat([x, x.narrow(dim, 0, 1)], dim);

/** Changes that are made to one operand at a time. */
const CHANGES: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  "an axis more": (x) => x.unsqueeze(0),
  "three axes more": (x) => x.reshape([1, 1, 1, ...x.shape]),
  "an axis less": (x) => x.select(0, 0),
  "no axes": (x) => x.flatten().select(0, 0),
  "a longer last axis": (x) => grown(x, -1),
  "a longer first axis": (x) => grown(x, 0),
  "a longer second axis": (x) => grown(x, 1),
  "an empty last axis": (x) => x.narrow(-1, 0, 0),
  "an empty first axis": (x) => x.narrow(0, 0, 0),
  "of int32": (x) => x.to("int32"),
  "of bool": (x) => x.ne(0),
  "of float32": (x) => x.to("float32"),
  "beyond": (x) => x.dtype === "int32" ? x.add(1000).to(x.dtype) : x,
  "before": (x) => x.dtype === "int32" ? x.sub(1000).to(x.dtype) : x,
};

/** The operands of a sample with one changed; null where the change cannot be made. */
function changed(sample: Sample, values: readonly Float64Array[], i: number, change: (x: Tensor) => Tensor) {
  const operands = sample.map(({ dtype, shape }, k) =>
    tensor(Array.from(values[k]!), { dtype: dtype === "float" ? "float32" : dtype }).reshape(shape)
  );
  try {
    return operands.with(i, change(operands[i]!));
  } catch {
    return null;
  }
}

/** Returns the error that a call throws; null if it throws none, or if its operands cannot be made. */
function thrownBy(call: OpCase["op"], operands: readonly Tensor[]): unknown {
  let given = operands;
  try {
    if ("prepare" in call) given = call.prepare(...operands);
  } catch {
    return null;
  }
  try {
    ("call" in call && typeof call.call === "function" && "prepare" in call ? call.call : call)(...given);
    return null;
  } catch (error) {
    return error;
  }
}

for (const backend of [new ReferenceBackend(), new CpuBackend()]) {
  Deno.test(`errors name the function that was called (${backend.name})`, () => {
    setDefaultDevice(new Device(backend, { tape }));
    const faults = new Set<string>();
    let thrown = 0;
    for (const { name, op, inPlace, samples } of CASES) {
      for (const sample of samples.slice(0, 1)) {
        if (sample.reduce((n, { shape }) => n + shape.reduce((a, b) => a * b, 1), 0) > 300) continue;
        const { values } = draw(sample, 1, "float32");
        for (const [i] of sample.entries()) {
          for (const [what, change] of Object.entries(CHANGES)) {
            using _ = new Scope();
            for (const [call, called] of [[op, name], [inPlace, `${name}_`]] as const) {
              const operands = changed(sample, values, i, change);
              const error = call && operands ? thrownBy(call, operands) : null;
              if (error === null) continue;
              thrown++;
              const { message } = error as Error,
                known = [called, name, ...OTHERWISE[called] ?? OTHERWISE[name] ?? []];
              // "Cannot square a bool" and the like name what cannot be done.
              const says = /^Cannot apply (\w+)\(\)/.exec(message)?.[1];
              const fits = says === undefined ? /^Cannot [a-z]/.test(message) : known.includes(says);
              if (!fits) faults.add(`${called}() with operand ${i} ${what}: ${message}`);
            }
          }
        }
      }
    }
    assertEquals([...faults].slice(0, 20), []);
    assert(thrown > 1000, `${thrown} errors were seen`);
  });
}

/** The message of the error that `f` throws. */
const said = (f: () => unknown): string => assertThrows(f, RangeError).message;

const of = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });

for (const backend of [new ReferenceBackend(), new CpuBackend()]) {
  const device = new Device(backend, { tape });

  Deno.test(`losses name the class that is out of range, and its sample (${backend.name})`, () => {
    setDefaultDevice(device);
    const x = core.zeros([4, 5]), target = of(0, 1, 2, 7);
    const wrong = (op: string, what = "class is 7 at sample 3"): string =>
      `Cannot apply ${op}() as targets must be classes from 0 to 4: current ${what}, and there are 5`;
    for (
      const options of [{}, { labelSmoothing: 0.1 }, { weight: core.ones([5]) }, {
        reduction: "none" as const,
      }]
    ) {
      assertEquals(said(() => core.crossEntropy(x, target, options)), wrong("crossEntropy"));
    }
    assertEquals(said(() => core.crossEntropy(x, target.to("int64"))), wrong("crossEntropy"));
    assertEquals(said(() => core.nllLoss(x, of(0, -100, 2, 7))), wrong("nllLoss"));
    assertEquals(said(() => core.multiMarginLoss(x, target)), wrong("multiMarginLoss"));
    assertEquals(
      said(() => core.crossEntropy(core.zeros([1, 5, 2]), of(0, -1).reshape([1, 2]))),
      wrong("crossEntropy", "class is -1 at position [0, 1]"),
    );
  });

  Deno.test(`convolutions say which channels they expect, and which they got (${backend.name})`, () => {
    setDefaultDevice(device);
    const { zeros } = core;
    assertEquals(
      said(() => core.conv2d(zeros([1, 1, 5, 5]), zeros([4, 3, 2, 2]))),
      "Cannot apply conv2d() as the input must have 3 channels, which weight [4, 3, 2, 2] is for: " +
        "current input [1, 1, 5, 5] has 1",
    );
    assertEquals(
      said(() => core.conv1d(zeros([1, 2, 5]), zeros([4, 1, 2]), null, { groups: 4 })),
      "Cannot apply conv1d() as the input must have 4 channels, which weight [4, 1, 2] of 4 groups is for: " +
        "current input [1, 2, 5] has 2",
    );
    assertEquals(
      said(() => core.conv3d(zeros([2, 5, 5, 5]), zeros([4, 1, 2, 2, 2]))),
      "Cannot apply conv3d() as the input must have 1 channel, which weight [4, 1, 2, 2, 2] is for: " +
        "current input [2, 5, 5, 5] has 2",
    );
  });

  Deno.test(`errors of functions made of others say which shapes these were given (${backend.name})`, () => {
    setDefaultDevice(device);
    const { zeros } = core;
    assertEquals(
      said(() => core.embedding(of(7), zeros([5, 2]))),
      "Cannot apply embedding() as indices must be integers in [0, 5): current index is 7",
    );
    for (const empty of [() => zeros([3, 0]).max(1), () => zeros([3, 0]).max()]) {
      assertEquals(
        said(empty),
        "Cannot apply max() as there must be an element to take: current shape is [3, 0]",
      );
    }
    assertEquals(
      said(() => core.pairwiseDistance(zeros([3, 4]), zeros([3, 5]))),
      "Cannot apply pairwiseDistance() to [3, 4], [3, 5] as sub() within it cannot be applied: " +
        "shapes must be equal or 1 along each axis, counted from the last: current shapes are [3, 4] and [3, 5]",
    );
  });
}
