import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as core from "./mod.ts";
import type { SignalWindowOptions, Tensor } from "./mod.ts";

const device = new core.Device(new core.ReferenceBackend());

function assertNear(x: Tensor, expected: readonly number[]): void {
  const data = [...x.dataSync()];
  assertEquals(data.length, expected.length);
  expected.forEach((value, i) => assertAlmostEquals(data[i]!, value, 1e-12));
}

// By PyTorch: of 5 periodic, of 5 symmetric, of 2 symmetric.
const WINDOWS: Readonly<
  Record<string, readonly [(n: number, options: SignalWindowOptions) => Tensor, ...(readonly number[])[]]>
> = {
  hannWindow: [core.hannWindow, [
    0,
    0.3454915028125263,
    0.9045084971874737,
    0.9045084971874737,
    0.3454915028125264,
  ], [
    0,
    0.5,
    1,
    0.5,
    0,
  ], [0, 0]],
  hammingWindow: [
    core.hammingWindow,
    [0.08, 0.3978521825875242, 0.9121478174124757, 0.912147817412476, 0.3978521825875243],
    [0.08, 0.54, 1, 0.54, 0.08],
    [0.08, 0.08],
  ],
  blackmanWindow: [
    core.blackmanWindow,
    [0, 0.20077014326253045, 0.8492298567374694, 0.8492298567374696, 0.20077014326253056],
    [0, 0.34, 1, 0.34, 0],
    [0, 0],
  ],
  bartlettWindow: [core.bartlettWindow, [0, 0.4, 0.8, 0.8, 0.4], [0, 0.5, 1, 0.5, 0], [0, 0]],
  kaiserWindow: [
    core.kaiserWindow,
    [
      5.2773441320097665e-05,
      0.10171968770956323,
      0.7929398341014605,
      0.7929398341014605,
      0.10171968770956323,
    ],
    [5.2773441320097665e-05, 0.2156727447589671, 1, 0.2156727447589671, 5.2773441320097665e-05],
    [5.2773441320097665e-05, 5.2773441320097665e-05],
  ],
};

for (const [name, [make, periodic, symmetric, two]] of Object.entries(WINDOWS)) {
  Deno.test(`${name}() is PyTorch's`, () => {
    const options = { device, dtype: "float64" } as const;
    assertNear(make(5, options), periodic!);
    assertNear(make(5, { ...options, periodic: false }), symmetric!);
    assertNear(make(2, { ...options, periodic: false }), two!);
    assertEquals([make(1, options).tolist(), make(0, options).tolist()], [[1], []]);
    assertEquals(make(3, { device }).dtype, "float32");
    assertThrows(() => make(-1, options), RangeError, `Cannot apply ${name}() as the length`);
  });
}

Deno.test("hammingWindow() and kaiserWindow() have parameters", () => {
  const options = { device, dtype: "float64", periodic: false } as const;
  assertNear(core.hammingWindow(3, { ...options, alpha: 0.6, beta: 0.3 }), [0.3, 0.9, 0.3]);
  assertNear(core.kaiserWindow(4, { ...options, beta: 3.5 }), [
    0.13553434913875384,
    0.8459726478388895,
    0.8459726478388895,
    0.13553434913875384,
  ]);
});

Deno.test("logspace() raises the base to equal steps", () => {
  assertEquals(core.logspace(0, 2, 3, { device }).tolist(), [1, 10, 100]);
  assertNear(core.logspace(-1, 1, 4, { device, dtype: "float64", base: 2 }), [
    0.5,
    0.7937005259840997,
    1.2599210498948732,
    2,
  ]);
  assertEquals(core.logspace(2, 5, 1, { device }).tolist(), [100]);
});

Deno.test("fftfreq() and rfftfreq() are PyTorch's", () => {
  const options = { device, dtype: "float64" } as const;
  assertNear(core.fft.fftfreq(5, { ...options, d: 0.5 }), [0, 0.4, 0.8, -0.8, -0.4]);
  assertNear(core.fft.fftfreq(4, options), [0, 0.25, -0.5, -0.25]);
  assertNear(core.fft.rfftfreq(5, options), [0, 0.2, 0.4]);
  assertNear(core.fft.rfftfreq(4, { ...options, d: 2 }), [0, 0.125, 0.25]);
});

Deno.test("emptyLike() and randintLike() are of the tensor's shape, dtype and device", () => {
  const x = core.tensor([[1, 2, 3]], { device, dtype: "int32" });
  const [a, b] = [core.emptyLike(x), core.randintLike(x, 3, 6)];
  assertEquals([a.shape, a.dtype, b.shape, b.dtype, b.device === device], [
    [1, 3],
    "int32",
    [1, 3],
    "int32",
    true,
  ]);
  assert(b.dataSync().every((value) => value >= 3 && value < 6));
  const wide = core.zeros([200], { device }), c = core.randintLike(wide, 4, { dtype: "int64" });
  assertEquals([c.dtype, Math.min(...c.dataSync()), Math.max(...c.dataSync())], ["int64", 0, 3]);
});
