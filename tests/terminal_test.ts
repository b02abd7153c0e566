/** Programs on a terminal: the live view, Ctrl-C, resized windows, and plain output elsewhere. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { LiveView } from "@troodon/train";
import type { Terminal } from "@troodon/io";
import { Device, ReferenceBackend, setDefaultDevice, zeros } from "@troodon/core";
import { Linear } from "@troodon/nn";
import { SGD } from "@troodon/optim";
import { TerminalEmulator } from "../scripts/terminal/emulator.ts";
import { hasPseudoTerminal, runInTerminal } from "../scripts/terminal/pseudo_terminal.ts";
import { argumentsOf } from "./task_permissions.ts";

const ignore = !await hasPseudoTerminal();
/** Variables of programs on a terminal that shows colors, whatever those of the tests are. */
const SOFTWARE = {
  TROODON_DATA: "",
  DENO_WEBGPU_BACKEND: "vulkan",
  VK_DRIVER_FILES: "/nonexistent",
  NO_COLOR: "",
};
const FLAGS = ["--dataset", "generated", "--device", "cpu", "--model", "mlp", "--limit", "640"];

/** Calls `f` with a new folder. */
async function inFolder(f: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await f(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Screen of a window after a program has written to it. */
function screenOf(text: string, columns: number, rows: number): TerminalEmulator {
  const screen = new TerminalEmulator(columns, rows);
  screen.write(text);
  assert(screen.cursorShown, "the cursor is hidden");
  assertEquals(screen.cursorColumn, 0);
  return screen;
}

/** Output of a program, without Deno's progress bar for loading modules. */
const withoutDeno = (text: string): string => text.slice(text.search(/Using |accuracy /));

/** Lines of a screen with a progress bar. */
const barsOf = (lines: readonly string[]): string[] =>
  lines.filter((line) => /^epoch \d+\/\d+ [█░]/.test(line));

Deno.test("LiveView leaves one view behind, whatever the window becomes as it draws", () => {
  const { now } = performance;
  let time = 0;
  performance.now = () => time;
  try {
    const screen = new TerminalEmulator(80, 30);
    const terminal: Terminal = {
      ...{ isTerminal: true, showsOutput: true, canRedraw: true, noColor: false },
      size: () => screen.size,
      write: (text) => screen.write(text.replaceAll("\n", "\r\n")),
    };
    screen.write("before\r\n");
    setDefaultDevice(new Device(new ReferenceBackend()));
    const model = new Linear(1, 1), optimizer = new SGD(model.parameters(), { lr: 0.1 });
    const view = new LiveView({ terminal, title: "a run" });
    const common = { epoch: 1, stop: () => {} }, loss = zeros([1]).add(0.5);
    view.onStart({ ...common, step: 0, model, optimizer, epochs: 1 });
    for (let step = 1; step <= 100; step++) {
      time += 100;
      if (step === 30) screen.resize(25, 30);
      if (step === 60) screen.resize(40, 26);
      if (step === 80) screen.resize(120, 40);
      view.onStep({ ...common, step, batch: step, batches: 100, samples: 8, loss });
      const { lines } = screen;
      assertEquals([lines[0], lines[1], barsOf(lines).length], ["before", "a run", 1], `step ${step}`);
    }
    view.clear();
    screen.write("a line\r\n");
    view.onEnd();
    assertEquals(screen.lines.slice(0, 3), ["before", "a line", "a run"]);
    assertMatch(screen.lines[3]!, /^epoch 1\/1 █+ 100%$/);
  } finally {
    performance.now = now;
  }
});

Deno.test({
  name: "train draws a run on a terminal, and evaluate its mistakes, at the width of the window",
  ignore,
  fn: () =>
    inFolder(async (cwd) => {
      const args = [
        Deno.execPath(),
        ...await argumentsOf("train"),
        ...FLAGS,
        "--epochs",
        "40",
        "--out",
        "runs/a",
      ];
      const { code, text } = await runInTerminal(args, { columns: 80, rows: 60, cwd, env: SOFTWARE });
      assertEquals(code, 0, text);
      const { lines } = screenOf(text, 80, 60), bars = barsOf(lines);
      assertEquals(bars.length, 1, lines.join("\n"));
      assertMatch(bars[0]!, /^epoch 40\/40 █+ 100%$/);
      assertEquals(lines.filter((line) => / step \d+ /.test(line)), []);
      const shown = lines.join("\n");
      for (
        const part of [
          "mlp on generated",
          "loss by epoch",
          "accuracy by epoch",
          "epoch 1/40  ",
          "Least found: ",
        ]
      ) {
        assertStringIncludes(shown, part);
      }
      assert(text.includes("\x1b[32m"), "no colors");

      const evaluated = [Deno.execPath(), ...await argumentsOf("evaluate"), "runs/a", "--device", "cpu"];
      const columns = 40, size = { columns, rows: 100, cwd };
      const plain = await runInTerminal([...evaluated, "--limit", "2"], {
        ...{ ...size, env: { ...SOFTWARE, NO_COLOR: "1" } },
      });
      assert(!withoutDeno(plain.text).includes("\x1b"), "colors");
      const rows = plain.text.split("\r\n").filter((line) => /^\d(?: +\d+)+$/.test(line));
      // The table is split, as the window is too narrow for all columns.
      assertEquals([rows.length, rows.every((row) => row.length < columns)], [20, true], plain.text);
      assertStringIncludes(plain.text, "Least found");
      assertMatch(plain.text, /^index \d+ +index \d+\r\nis \d, predicted \d +is \d, predicted \d/m);
      assertMatch(plain.text, /misclassified[^]*[#%@]{2}[^]*and \d+ more\r\n--limit N draws more/);
      const colored = await runInTerminal(evaluated, { ...size, env: SOFTWARE });
      assertMatch(colored.text, /\[38;2;\d+;\d+;\d+m\p{Cc}\[48;2;\d+;\d+;\d+m▀/u);
      assertEquals(colored.text.match(/index \d+/g)?.length, 6);
    }),
});

Deno.test({
  name: "train ends at Ctrl-C with the line that says how to go on, below its view",
  ignore,
  fn: () =>
    inFolder(async (cwd) => {
      const flags = [...FLAGS, "--epochs", "100000", "--out", "runs/a"];
      const args = [Deno.execPath(), ...await argumentsOf("train"), ...flags];
      let typed = false;
      const { code, text } = await runInTerminal(args, {
        ...{ columns: 130, rows: 40, cwd, env: SOFTWARE },
        onText: (text) => !typed && text.includes("by epoch") ? (typed = true, "\x03") : undefined,
      });
      assertEquals(code, 130, text);
      const { lines } = screenOf(text, 130, 40);
      assertEquals(barsOf(lines).length, 1, lines.join("\n"));
      assertEquals(lines.slice(-2), [
        "Saved the run in runs/a/state.safetensors. To go on:",
        `  deno task train ${flags.join(" ")} --resume`,
      ]);
    }),
});

Deno.test({
  name: "train and fit write no escape codes to a pipe, nor to a terminal that only prints",
  ignore,
  fn: () =>
    inFolder(async (cwd) => {
      const args = [...await argumentsOf("train"), ...FLAGS, "--epochs", "3", "--out"];
      const env = { ...SOFTWARE, TERM: "xterm" };
      const piped = await new Deno.Command(Deno.execPath(), { args: [...args, "runs/a"], cwd, env }).output();
      const text = new TextDecoder().decode(piped.stdout) + new TextDecoder().decode(piped.stderr);
      assertEquals(piped.code, 0, text);
      assertStringIncludes(text, "epoch 3/3");
      assert(!text.includes("\x1b"), text);
      const dumb = await runInTerminal([Deno.execPath(), ...args, "runs/b"], {
        ...{ columns: 80, rows: 24, cwd, env: { ...SOFTWARE, TERM: "dumb" } },
      });
      assertStringIncludes(dumb.text, "epoch 3/3");
      assert(!withoutDeno(dumb.text).includes("\x1b"), dumb.text);
    }),
});
