/** What becomes of a training run when its GPU is taken away. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import {
  Adam,
  chooseDevice,
  CpuBackend,
  CrossEntropyLoss,
  DataLoader,
  Device,
  type DeviceLoss,
  evaluate,
  fit,
  GeneratedDigits,
  Generator,
  LeNet,
  manualSeed,
  setDefaultDevice,
  tape,
  ToTensor,
  WebGpuBackend,
} from "@troodon/troodon";
import { GPU_DEVICES } from "./reference/gpu.ts";

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore: GPU_DEVICES.length === 0, fn });

interface Run {
  readonly losses: readonly number[];
  readonly accuracies: readonly number[];
  readonly lost: readonly DeviceLoss[];
}

/** Two epochs of six steps, on `device` as long as it is there. */
async function run(device: Device, disturb: (when: string) => void = () => {}): Promise<Run> {
  setDefaultDevice(device);
  manualSeed(7);
  const digits = await GeneratedDigits.open({ count: 48, transform: new ToTensor() });
  const loader = new DataLoader(digits, { batchSize: 8, shuffle: true, generator: new Generator(1) });
  const model = new LeNet();
  const optimizer = new Adam(model.parameters());
  const losses: number[] = [], accuracies: number[] = [], lost: DeviceLoss[] = [];
  disturb("start");
  await fit(model, loader, {
    optimizer,
    loss: new CrossEntropyLoss(),
    epochs: 2,
    logEvery: 1,
    observers: [{
      onStep: ({ step }) => disturb(`step ${step}`),
      onLog: ({ loss }) => void losses.push(loss),
      async onEpoch({ epoch }) {
        const found = evaluate(model, new DataLoader(digits, { batchSize: 24 }));
        disturb(`evaluation ${epoch}`);
        accuracies.push((await found).accuracy);
      },
      onDeviceLost(loss) {
        lost.push(loss);
        return chooseDevice("cpu", { log: null });
      },
    }],
  });
  const places = new Set([...model.parameters()].map((p) => p.device.name));
  assertEquals([...places], [lost.length > 0 ? "cpu" : device.name]);
  return { losses, accuracies, lost };
}

for (const when of ["step 1", "step 5", "evaluation 1", "step 12", "evaluation 2"]) {
  test(`fit() goes on on the CPU when the GPU is lost in ${when}`, async () => {
    const expected = await run(new Device(new CpuBackend(), { tape }));
    const backend = await WebGpuBackend.create({ allowFallback: true });
    const { losses, accuracies, lost } = await run(new Device(backend, { tape }), (now) => {
      if (now === when && !backend.lost) backend.loseDevice();
    });
    assertEquals(lost.length, 1);
    assertMatch(String(lost[0]!.error), /GpuError: .* device was lost \(destroyed\)/);
    assertEquals(losses.length, expected.losses.length);
    losses.forEach((loss, i) => assert(Math.abs(loss - expected.losses[i]!) < 1e-3, `${losses}`));
    assertEquals(accuracies, expected.accuracies);
  });
}

test("train ends on the CPU when the GPU is lost, and says so", async () => {
  const out = await Deno.makeTempDir();
  const root = new URL("..", import.meta.url);
  const at = (path: string) => fromFileUrl(new URL(path, root));
  const train = async (name: string, submissions: number, device: string) => {
    const { code, stderr, stdout } = await new Deno.Command(Deno.execPath(), {
      // deno-fmt-ignore
      args: [
        "run", "-A", "--no-check", "--preload", at("tests/device_loss_preload.ts"), at("scripts/train.ts"),
        "--dataset", "generated", "--model", "mlp", "--limit", "80", "--batch-size", "10", "--epochs", "2",
        "--log-every", "1", "--device", device, "--out", join(out, name),
      ],
      env: { SUBMISSIONS_TO_LOSS: String(submissions), NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    assertEquals(code, 0, decoder.decode(stderr));
    const lines = (await Deno.readTextFile(join(out, name, "metrics.jsonl"))).trimEnd().split("\n");
    const metrics: Record<string, number>[] = lines.map((line) => JSON.parse(line));
    return { metrics, said: decoder.decode(stderr), stdout: decoder.decode(stdout) };
  };
  const expected = await train("cpu", Infinity, "cpu");
  const found = await train("gpu", 60, "webgpu");
  assertMatch(
    found.said,
    /The device was lost after step \d+ \(webgpu: .*\): training goes on from step \d+\n/,
  );
  assertMatch(found.said, /\nUsing cpu: /);
  assertMatch(found.stdout, /Saved /);
  const numbers = ({ metrics }: typeof found) =>
    metrics.map(({ seconds: _, loss: __, testLoss: ___, ...rest }) => rest);
  assertEquals(numbers(found), numbers(expected));
  found.metrics.forEach(({ loss }, i) => assert(Math.abs(loss! - expected.metrics[i]!["loss"]!) < 1e-3));
  await Deno.remove(out, { recursive: true });
});
