import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { measure } from "../measure.ts";
import { countsOf } from "../kernels/mod.ts";
import { statedPeak } from "./cards.ts";
import { showGpuRows, showMissing } from "./table.ts";
import { TorchSide } from "./torch_side.ts";
import { FULL_SIZES, QUICK_SIZES, workloads } from "./workloads.ts";

const timing = (median: number) => ({ median, best: median, samples: 3, calls: 1 });

Deno.test("statedPeak() tells cards of like names apart", () => {
  const peaks = [
    "webgpu: NVIDIA H100 PCIe",
    "webgpu: NVIDIA H100 80GB HBM3",
    "webgpu: NVIDIA L4",
    "NVIDIA L40S",
  ];
  assertEquals(peaks.map((name) => statedPeak(name)?.gigabytes), [2039, 3352, 300, 864]);
  assertEquals(statedPeak("webgpu: llvmpipe"), null);
});

Deno.test("showGpuRows() gives ratios and parts of the peak", () => {
  const rows = [{
    name: "product",
    work: { flops: 1e9, bytes: 1e6 },
    troodon: timing(0.002),
    clock: 0.0015,
    torch: { eager: timing(0.001) },
    missing: { graph: "needs CUDA" },
  }];
  const peak = { gflops: 1000, gigabytes: 10, source: "" };
  const row = showGpuRows(rows, ["eager", "graph"], peak).split("\n").at(-1)!.split("|").map((cell) =>
    cell.trim()
  );
  assertEquals(row.slice(1, -1), [
    "product",
    "2.00",
    "1.50",
    "1.00",
    "-",
    "2.00",
    "-",
    "500",
    "50 %",
    "0.500",
    "5 %",
    "50 %",
  ]);
  assertEquals(showMissing([...rows, ...rows]), "- no graph: needs CUDA");
});

Deno.test("workloads() has all kinds, each with something to do", () => {
  const names = workloads(FULL_SIZES).map(({ name }) => name);
  for (
    const wanted of [
      "matmul 8192x8192x8192",
      "conv2dWeightGrad large",
      "add 67108864",
      "sort",
      "empty launch",
      "step of gpt",
    ]
  ) {
    assert(names.some((name) => name.startsWith(wanted)), wanted);
  }
  for (const one of workloads(QUICK_SIZES)) assert(countsOf(one).bytes > 0, one.name);
});

/** The first Python that has PyTorch. */
async function findPython(): Promise<string | undefined> {
  const candidates = [Deno.env.get("TROODON_PYTHON"), "python3"].filter((name) => name !== undefined);
  for (const python of candidates) {
    try {
      const { success } = await new Deno.Command(python, { args: ["-c", "import torch"], stderr: "null" })
        .output();
      if (success) return python;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  console.log("SKIP TorchSide: no PyTorch, or name its Python by TROODON_PYTHON");
  return undefined;
}

const python = await findPython();

Deno.test({
  name: "TorchSide times all workloads and says what it cannot",
  ignore: python === undefined,
  async fn() {
    await using side = await TorchSide.start(python!, "cpu");
    assertStringIncludes(side.facts.device, "cpu");
    for (const { name, torch } of workloads({ ...QUICK_SIZES, matmul: [8] })) {
      const { samplers, missing } = await side.make(torch!, ["eager", "graph"]);
      assertEquals([[...samplers.keys()], missing], [["eager"], { graph: "CUDA graphs need CUDA" }], name);
      const [found] = await measure([...samplers.values()], 0);
      assert(found!.best > 0, name);
    }
  },
});

Deno.test("bench:gpu writes its page, or says that there is no GPU", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "bench/gpu.ts",
      "--quick",
      "--torch-device",
      "off",
      "--filter",
      "matmul|copy",
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (code !== 0) {
    assertMatch(decode(stderr), /Cannot open a GPU/);
    return console.log("SKIP bench:gpu: there is no GPU");
  }
  const page = decode(stdout);
  assertMatch(page, /^\d{4}-\d\d-\d\d, /);
  assertMatch(page, /\nPeak: [\d.]+ GFLOP\/s and [\d.]+ GB\/s /);
  assertMatch(page, /\n\| matmul 64x64x64 +\| +[\d.]+ \| +[\d.]+ \| +[\d.]+ \| +\d+ % \|/);
});
