/** The machine itself: `native.c`, compiled by `cc`. */
import { fromFileUrl } from "@std/path";
import type { Workload } from "../kinds.ts";
import { TRIAD } from "../workloads.ts";
import { readJob } from "./side.ts";

const job = readJob();

function argumentOf(workload: Workload): string {
  if (workload.kind === "gemm") {
    const { batch, m, k, n } = workload;
    return `${batch} ${m} ${k} ${n}`;
  }
  switch (workload.name) {
    case "peak fma 128-bit":
      return "fma128";
    case "peak fma native":
      return "fma";
    case "peak memory":
      return `triad ${TRIAD}`;
  }
  throw new RangeError(`Cannot measure ${workload.name} as it must be a product or a peak`);
}

/** What a program prints; its messages go to stderr. */
async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(program, { args: [...args], stderr: "inherit" })
    .output();
  if (!success) Deno.exit(1);
  return new TextDecoder().decode(stdout).trim();
}

const program = await Deno.makeTempFile({ prefix: "native" });
try {
  const source = fromFileUrl(new URL("native.c", import.meta.url));
  await outputOf("cc", ["-O3", "-march=native", "-ffast-math", "-o", program, source, "-ldl", "-lpthread"]);
  const args = [`${job.threads}`, `${job.seconds}`, ...job.workloads.map(argumentOf)];
  const [blas, ...times] = (await outputOf(program, args)).split("\n");
  console.log(JSON.stringify({ version: `C, ${blas}` }));
  for (const [i, { name }] of job.workloads.entries()) {
    const seconds = Number(times[i]);
    console.log(JSON.stringify(seconds > 0 ? { name, seconds } : { name, error: `${blas}` }));
  }
} finally {
  await Deno.remove(program);
}
