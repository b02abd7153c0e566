/** The tutorials: their programs run, and their pages show these programs as they are. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../scripts/run_deno.ts";
import { lineTable } from "../scripts/tutorials/count_lines.ts";
import { faultsOf, readPages } from "../scripts/tutorials/pages.ts";

interface Tutorial {
  /** The program in `examples/tutorials`. */
  readonly program: string;
  /** Its arguments besides `--quick`. */
  readonly args?: readonly string[];
  /** Texts that the program must print. */
  readonly prints: readonly (string | RegExp)[];
}

/** The tutorials that read data draw digits in this folder, and keep them and their models there. */
const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const SMALL = "largest error [0-9.]+e-(8|9|1[0-9])";

const TUTORIALS: readonly Tutorial[] = [
  {
    program: "1_lenet.ts",
    prints: [
      "(fc1): Linear(in_features=400, out_features=120, bias=True)",
      "10\n[ 6, 1, 5, 5 ]\n",
      /^tensor\(\[\[[^]+\]\], grad_fn=<AddmmBackward0>\)\ntensor\(\d\.\d{4}, grad_fn=<MseLossBackward0>\)\n/m,
      "<MseLossBackward0>\n<AddmmBackward0>\n<ReluBackward0>\n",
      /conv1.bias.grad before backward\nnull\nconv1.bias.grad after backward\ntensor\(\[[^]*\d\]\)\n/,
      /update by hand \S+\nSGD \S+\nSGD \S+\nAdam \S+\nRMSprop \S+\n$/,
    ],
  },
  {
    // Of all chapters: tests/tutorial_basics_test.ts.
    program: "2_basics/2_basics.ts",
    args: ["--chapter", "autograd"],
    prints: [/^\n== autograd ==\ny tensor\(\[5\.\], .*grad_fn=<AddBackward0>\)\n/],
  },
  {
    program: "3_mnist_folder.ts",
    args: ["--data", folder],
    prints: [
      /^600\n200\n10\n0 \[ 64, 1, 28, 28 \] \[ 64 \]$/m,
      /^epoch 1, batch 0 of 10, loss 2\.\d+\nepoch 2, batch 0 of 10, loss 1\.\d+$/m,
    ],
  },
  {
    program: "3_mnist_evaluate.ts",
    args: ["--data", folder],
    prints: [
      /^wrong case: predict = \d, truth = (\d), path = .*\/test\/\1\/\d+\.png$/m,
      /^test accuracy = 1\d\d \/ 200 = [5-9]\d\.\d\d %$/m,
    ],
  },
  {
    program: "4_mnist_by_hand/4_mnist_by_hand.ts",
    prints: [
      ...[
        ["Conv", 103],
        ["MaxPool", 50],
        ["Sigmoid", 40],
        ["ReLU", 40],
        ["Flatten", 50],
        ["Linear", 110],
        ["CrossEntropyLoss", 40],
        ["the network with sigmoid", 358],
        ["the network with ReLU", 358],
      ].map(([name, count]) => new RegExp(`^${name}: ${count} gradients, ${SMALL}$`, "m")),
      /^sigmoid, epoch 2: loss 2\.[01]/m,
      /^relu, epoch 2: loss 0\.\d+, accuracy 9\d\./m,
    ],
  },
  { program: "4_mnist_by_nn.ts", prints: [/^relu, epoch 2: loss 0\.\d+, accuracy 9\d\./m] },
  {
    program: "5_sine.ts",
    prints: [
      "7 layers\n0.weight [ 20, 1 ]\n0.bias [ 20 ]\n",
      "15 layers\n",
      "6.weight [ 500, 100 ]\n",
      /14.bias \[ 1 \]\nloss 0\.\d{6}\n$/,
    ],
  },
  {
    program: "5_sine.ts",
    args: ["--seeds", "2", "--activation", "Tanh"],
    prints: [
      /^seed 0: loss 0\.\d{6}\nseed 1: loss 0\.\d{6}\nmean 0\.\d{6}, median 0\.\d{6}\nmin 0\.\d{6}, max 0\.\d{6}\n\[/m,
    ],
  },
  {
    program: "5_sine.ts",
    args: ["--page"],
    prints: [/^The fit is drawn on http:\/\/127\.0\.0\.1:\d+\/\n/],
  },
];

for (const { program, args = [], prints } of TUTORIALS) {
  Deno.test(`tutorial ${[program, ...args].join(" ").replace(folder, "FOLDER")} prints what its page says`, async () => {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", `examples/tutorials/${program}`, "--quick", ...args],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assert(success, errors);
    for (const expected of prints) {
      if (typeof expected === "string") assertStringIncludes(output!, expected);
      else assertMatch(output!, expected);
    }
  });
}

/** Paths from `examples/tutorials` of the modules in it or in a folder of it. */
async function modulesIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(join(ROOT, "examples/tutorials", folder)));
  const paths = await Promise.all(entries.map(async ({ name, isDirectory }) => {
    const path = folder === "" ? name : `${folder}/${name}`;
    return isDirectory ? await modulesIn(path) : name.endsWith(".ts") ? [path] : [];
  }));
  return paths.flat().sort();
}

Deno.test("tutorials: pages and tests know all modules of examples/tutorials", async () => {
  const modules = await modulesIn("");
  const linked = (await readPages()).flatMap(({ programs }) => programs.map(({ path }) => path));
  for (const module of modules) {
    assert(linked.includes(`examples/tutorials/${module}`), `no page links ${module}`);
  }
  for (const { program } of TUTORIALS) assert(modules.includes(program), `there is no ${program}`);
  // A module in a folder is a chapter, which the module named after the folder runs.
  const started = modules.filter((path) => /^([^/]+)\/\1\.ts$|^[^/]+$/.test(path));
  assertEquals(started, [...new Set(TUTORIALS.map(({ program }) => program))].sort());
});

Deno.test("tutorials: pages show all code of their programs, as it stands there", async () => {
  assertEquals((await readPages()).flatMap(faultsOf), []);
});

Deno.test("tutorials: PyTorch's programs have lines of at most 110 columns, as ours do", async () => {
  for (const { programs } of await readPages()) {
    for (const { path, source } of programs) {
      for (const line of source.split("\n")) assert(line.length <= 110, `${path}: ${line}`);
    }
  }
});

Deno.test("tutorials: the table of lines of code is that of scripts/tutorials/count_lines.ts", async () => {
  const readme = await Deno.readTextFile(join(ROOT, "docs/tutorials/README.md"));
  assertStringIncludes(readme, lineTable(await readPages()));
});
