/** Preprocessing and metrics do on every device what they do on the reference. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { CpuBackend } from "@troodon/cpu";
import { Device, Generator, randn, ReferenceBackend, type Tensor } from "@troodon/core";
import {
  MaxAbsScaler,
  MinMaxScaler,
  Normalizer,
  OneHotEncoder,
  PCA,
  type Preprocessor,
  RobustScaler,
  StandardScaler,
  trainTestSplit,
  ZCA,
} from "@troodon/datasets";
import {
  Accuracy,
  F1Score,
  LogLoss,
  MeanSquaredError,
  type Metric,
  R2Score,
  RocAuc,
  TopKAccuracy,
} from "@troodon/train";

const reference = new Device(new ReferenceBackend());
const others: readonly Device[] = [new Device(new CpuBackend())];

function assertSame(actual: Tensor, expected: Tensor): void {
  assertEquals(actual.shape, expected.shape);
  const wanted = expected.dataSync();
  actual.dataSync().forEach((value, i) => assertAlmostEquals(Number(value), Number(wanted[i]), 1e-4));
}

const draw = (device: Device, shape: readonly number[], seed: number): Tensor =>
  randn(shape, { device, generator: new Generator(seed) });

const PREPROCESSORS: readonly (() => Preprocessor)[] = [
  () => new StandardScaler(),
  () => new MinMaxScaler(),
  () => new MaxAbsScaler(),
  () => new RobustScaler(),
  () => new PCA({ nComponents: 3, whiten: true }),
  () => new ZCA(),
];

const METRICS: readonly (() => Metric)[] = [
  () => new Accuracy(),
  () => new F1Score({ average: "macro" }),
  () => new LogLoss({ fromLogits: true }),
  () => new RocAuc(),
  () => new TopKAccuracy(2),
];

for (const device of others) {
  for (const make of PREPROCESSORS) {
    const name = make().name;
    Deno.test(`${name} gives on ${device.name} what it gives on the reference`, () => {
      const run = (on: Device): [Tensor, Tensor] => {
        const rows = draw(on, [40, 5], 1);
        const fitted = make().fit(rows);
        const changed = fitted.transform(rows);
        return [changed, fitted.inverseTransform(changed)];
      };
      const [actual, expected] = [run(device), run(reference)];
      assertEquals(actual[0].device, device);
      assertSame(actual[0], expected[0]);
      assertSame(actual[1], expected[1]);
    });
  }

  for (const make of METRICS) {
    const name = make().constructor.name;
    Deno.test(`${name} gives on ${device.name} what it gives on the reference`, async () => {
      const run = async (on: Device): Promise<number> => {
        const metric = make();
        for (const seed of [1, 2]) {
          const scores = draw(on, [30, 4], seed);
          metric.update(scores, scores.add(draw(on, [30, 4], seed + 10)).argmax(1));
        }
        return await metric.compute();
      };
      assertAlmostEquals(await run(device), await run(reference), 1e-5);
    });
  }

  Deno.test(`MeanSquaredError and R2Score give on ${device.name} what they give on the reference`, async () => {
    const run = async (metric: Metric, on: Device): Promise<number> => {
      metric.update(draw(on, [30, 2], 1), draw(on, [30, 2], 2));
      return await metric.compute();
    };
    for (const make of [() => new MeanSquaredError(), () => new R2Score()]) {
      assertAlmostEquals(await run(make(), device), await run(make(), reference), 1e-5);
    }
  });

  Deno.test(`Normalizer, OneHotEncoder and trainTestSplit() stay on ${device.name}`, () => {
    const rows = draw(device, [12, 3], 1);
    assertSame(new Normalizer().transform(rows), new Normalizer().transform(draw(reference, [12, 3], 1)));
    const codes = rows.gt(0).to("int32");
    const hot = new OneHotEncoder().fitTransform(codes);
    assertEquals([hot.device, hot.shape], [device, [12, 6]]);
    const [train, test] = trainTestSplit([rows], { seed: 1 });
    assertEquals([train.device, train.shape, test.shape], [device, [9, 3], [3, 3]]);
  });
}
