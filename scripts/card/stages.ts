/** The stages of `deno task card`, most important first. */
import type { Stage } from "./stage.ts";

/** Options of {@linkcode stagesOf}. */
export interface StageOptions {
  /** Part of the adapter's name; undefined for the first hardware one, or any where there is none. */
  readonly device: string | undefined;
  /** Seconds for all of it. */
  readonly seconds: number;
  /** Few samples and tiny sizes. */
  readonly quick: boolean;
  /** A Python that has PyTorch with CUDA; null for none. */
  readonly python: string | null;
  /** A folder for what stages leave. */
  readonly folder: string;
}

const TEST = ["test", "-A", "--no-check"];
const RUN = ["run", "-A", "--no-check"];

/** The stages, with the part of the time that each may take. */
export function stagesOf({ device, seconds, quick, python, folder }: StageOptions): Stage[] {
  const env = { TROODON_TEST_DEVICE: "webgpu", ...(device !== undefined && { TROODON_ADAPTER: device }) };
  const stage = (
    title: string,
    part: number,
    args: readonly string[],
    json: string | null = null,
  ): Stage => ({
    title,
    args,
    env,
    limit: Math.max(20, part * seconds),
    json: json && `${folder}/${json}`,
  });
  const bench = (torch: readonly string[], file: string): readonly string[] => [
    ...RUN,
    "bench/gpu.ts",
    "--device",
    device ?? "webgpu",
    "--json",
    `${folder}/${file}`,
    ...(quick ? ["--quick"] : ["--seconds", "0.2"]),
    ...torch,
  ];
  const few = quick ? ["--filter", "matmul|copy|empty|step of mlp"] : [];
  return [
    stage(
      "limits and features",
      0.05,
      [...RUN, "scripts/card/describe.ts", `${folder}/adapter.json`],
      "adapter.json",
    ),
    stage("300 tensors in one update", 0.1, [...TEST, "tests/webgpu_limits_test.ts"]),
    stage("training beside the CPU", 0.15, [...TEST, "tests/webgpu_test.ts"]),
    stage(
      "conformance of every op",
      0.35,
      [
        ...TEST,
        "tests/conformance_test.ts",
        ...(quick ? ["--filter", "/^(add|matmul|softmax|sum|conv2d)\\(\\)/"] : []),
      ],
    ),
    stage("cases of PyTorch", 0.25, [
      ...TEST,
      ...REFERENCE_TESTS,
      "--filter",
      quick ? "/(add|matmul|softmax)\\(\\) agrees with PyTorch on webgpu/" : "on webgpu",
    ]),
    stage(
      "kernels and training steps",
      0.4,
      [...bench(["--torch-device", "off"], "bench.json"), ...few],
      "bench.json",
    ),
    stage(
      "precision of functions",
      0.15,
      [...RUN, "scripts/card/precision.ts", `${folder}/precision.json`],
      "precision.json",
    ),
    ...(python === null ? [] : [
      stage(
        "kernels and training steps beside PyTorch",
        0.5,
        [...bench(["--python", python, "--torch-modes", "eager"], "torch.json"), ...few],
        "torch.json",
      ),
    ]),
  ];
}

const REFERENCE_TESTS = ["elementwise", "linalg", "loss", "nn", "reduction", "shape", "special_values"].map((
  name,
) => `tests/reference_${name}_test.ts`);
