/**
 * Epochs of Troodon and of PyTorch in turns on one machine, as ratios of medians.
 *
 *     deno run -A bench/peers/run.ts --data DIR [--python python3] [--rounds 3] [--threads 1,2] [--models mlp,cnn]
 *
 * DIR holds the four files of MNIST. `--limit N` takes the first N images only.
 */
import { parseArgs } from "@std/cli";

const flags = parseArgs(Deno.args, {
  string: ["data", "python", "rounds", "models", "limit", "threads"],
  default: { python: "python3", rounds: "3", models: "mlp,cnn", limit: "60000", threads: "1,2" },
  unknown: (arg) => {
    console.error(`Unknown argument ${arg}`);
    Deno.exit(2);
  },
});
if (!flags.data) {
  console.error("Give the folder of MNIST: --data DIR");
  Deno.exit(2);
}

const here = import.meta.dirname!;
const median = (xs: readonly number[]): number => [...xs].sort((a, b) => a - b)[xs.length >> 1]!;

async function seconds(command: string, args: readonly string[]): Promise<number> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  const text = new TextDecoder();
  if (!success) {
    console.error(text.decode(stderr));
    Deno.exit(1);
  }
  return JSON.parse(text.decode(stdout).trim().split("\n").at(-1)!).seconds;
}

const threads = flags.threads.split(",");
console.log(["model", "troodon", ...threads.map((n) => `torch ${n}T`), "ratio to the faster"].join(" | "));
for (const model of flags.models.split(",")) {
  const common = ["--model", model, "--data", flags.data, "--limit", flags.limit];
  const own: number[] = [];
  const theirs = threads.map((): number[] => []);
  for (let round = 0; round < Number(flags.rounds); round++) {
    own.push(await seconds(Deno.execPath(), ["run", "-A", `${here}/epoch.ts`, ...common]));
    for (const [i, n] of threads.entries()) {
      theirs[i]!.push(await seconds(flags.python, [`${here}/epoch.py`, ...common, "--threads", n]));
    }
  }
  const [mine, peers] = [median(own), theirs.map(median)];
  console.log([
    model,
    `${mine.toFixed(2)} s`,
    ...peers.map((t) => `${t.toFixed(2)} s`),
    (mine / Math.min(...peers)).toFixed(2),
  ].join(" | "));
}
