/** Kills a run at random moments, and compares what it resumes to with a run that was not disturbed. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { Generator } from "@troodon/core";
import { drawDigits, encodePng, Image } from "@troodon/datasets";
import { filesOfRun, loadTrainingState, METRICS_FILE, STATE_FILE } from "@troodon/train";

const PROGRAM = fromFileUrl(new URL("program.ts", import.meta.url));

/** Writes digits as PNG files, in a folder for each class. */
export async function writeImages(folder: string, count: number): Promise<void> {
  const { images, labels, height, width } = drawDigits(count, new Generator(5)), size = height * width;
  for (const [i, label] of labels.entries()) {
    const path = join(folder, String(label));
    await Deno.mkdir(path, { recursive: true });
    const pixels = images.slice(i * size, (i + 1) * size);
    await Deno.writeFile(join(path, `${i}.png`), encodePng(new Image(width, height, 1, pixels)));
  }
}

/** A run of the program. */
export class KilledRun {
  readonly #data: string;
  /** The folder that the run writes. */
  readonly out: string;

  /** A run over the images in `data` that writes `out`. */
  constructor(data: string, out: string) {
    this.#data = data;
    this.out = out;
  }

  /** Starts the program. */
  start(): Deno.ChildProcess {
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", PROGRAM, this.#data, this.out],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      env: { NO_COLOR: "1" },
    }).spawn();
  }

  /** Runs the program to its end. */
  async finish(): Promise<void> {
    const { success, stderr } = await this.start().output();
    assert(success, new TextDecoder().decode(stderr));
  }

  /** Runs two programs at once: one of them at least gets to the end, and the other may only be refused by the lock. */
  async finishTwice(): Promise<void> {
    const ended = await Promise.all([this.start(), this.start()].map((child) => child.output()));
    assert(ended.some(({ success }) => success));
    for (const { success, stderr } of ended) {
      if (!success) {
        assertStringIncludes(new TextDecoder().decode(stderr), `Cannot write the run ${this.out} as`);
      }
    }
  }

  /** Starts the program, kills it when `moment` comes, and leaves a lock whose process number is somebody else's now. */
  async kill(moment: () => Promise<void>): Promise<void> {
    const child = this.start(), ended = child.output();
    await moment();
    try {
      child.kill("SIGKILL");
    } catch {
      // It had ended.
    }
    await ended;
    assertEquals(await processesOf(this.out), [], "nothing of a killed run is left");
    await Deno.mkdir(this.out, { recursive: true });
    await Deno.writeTextFile(join(this.out, "run.lock"), `${Deno.pid}\n`);
  }

  /** Resolves when the folder of the run has a file whose name ends so, when the run is over, or after a while. */
  async has(ending: string): Promise<void> {
    const end = performance.now() + 10_000;
    for (let seen = false; performance.now() < end;) {
      try {
        const names = Array.from(Deno.readDirSync(this.out), ({ name }) => name);
        const isOver = seen && !names.includes("run.lock");
        if (isOver || names.some((name) => name.endsWith(ending))) return;
        seen = names.includes("run.lock");
      } catch {
        // The folder is not there yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  /** All that the files of the run hold but durations. */
  async contents(): Promise<unknown> {
    const untimed = (text: string): unknown[] =>
      text.trimEnd().split("\n").map((line) => ({ ...JSON.parse(line), seconds: 0 }));
    const files = await filesOfRun(this.out), contents: [string, unknown][] = [];
    for (const name of files) {
      const path = join(this.out, name);
      if (name.startsWith("state")) {
        const { position, notes, file: _, tensors, ...rest } = await loadTrainingState(path);
        const metrics = untimed(String(notes?.["metrics"]));
        contents.push([name, {
          ...rest,
          metrics,
          tensors: [...tensors],
          position: { ...position, seconds: 0 },
        }]);
      } else if (name.endsWith(".jsonl")) contents.push([name, untimed(await Deno.readTextFile(path))]);
      else contents.push([name, await Deno.readFile(path)]);
    }
    return contents;
  }
}

/** The numbers of processes that were started with an argument; none where the system does not tell. */
async function processesOf(argument: string): Promise<string[]> {
  const found: string[] = [];
  if (Deno.build.os !== "linux") return found;
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    if (line.split("\0").includes(argument)) found.push(name);
  }
  return found;
}

/** Kills a run `count` times, at moments that `seed` draws or while a file is written, and resumes each to its end. */
export async function killRuns(data: string, seed: number, count: number): Promise<void> {
  const folder = await Deno.makeTempDir(), generator = new Generator(seed);
  try {
    const whole = new KilledRun(data, join(folder, "whole")), ended = whole.finish();
    // Threads take longer to start than all steps: three of four moments are after the first state.
    const begins: number[] = [];
    for (const name of [METRICS_FILE, STATE_FILE]) {
      await whole.has(name);
      begins.push(performance.now());
    }
    await ended;
    const end = performance.now(), wanted = await whole.contents();
    let resumed = 0, drafts = 0;
    for (let i = 0; i < count; i++) {
      const run = new KilledRun(data, join(folder, `killed_${i}`)), isEarly = i % 4 === 3;
      const after = generator.random() * (end - begins[isEarly ? 0 : 1]!);
      await run.kill(async () => {
        await run.has(isEarly ? METRICS_FILE : STATE_FILE);
        await new Promise((resolve) => setTimeout(resolve, after));
        if (i % 3 === 2) await run.has(".tmp");
      });
      if ([...Deno.readDirSync(run.out)].some(({ name }) => name.endsWith(".tmp"))) drafts++;
      const files = await filesOfRun(run.out);
      if (files.some((name) => name.startsWith("state"))) resumed++;
      if (i % 5 === 1) await run.finishTwice();
      else await run.finish();
      assertEquals(await run.contents(), wanted, `seed ${seed}, kill ${i} after ${Math.round(after)} ms`);
      await Deno.remove(run.out, { recursive: true });
    }
    console.log(
      `killed ${count} times with seed ${seed}: ${resumed} had a state, ${drafts} a file half written`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
