import { assert, assertEquals } from "@std/assert";
import { visibleWidth } from "./ansi.ts";
import { layoutStatus } from "./layout.ts";
import type { RunStatus } from "./run_status.ts";

/** A run in its fourth epoch. */
const status: RunStatus = {
  title: "cnn-bn on generated digits",
  ...{ epoch: 4, epochs: 5, done: 120, total: 313, loss: 0.0421, left: 12 },
  ...{ scores: "accuracy 0.9876", rate: 12034.4, unit: "images", learningRate: 0.0031234, device: "cpu" },
  memory: 21e6,
  losses: [
    { name: "training", points: Array.from({ length: 35 }, (_, i) => [i / 10, 2 * 0.1 ** (i / 20)]) },
    { name: "validation", points: [[1, 0.5], [2, 0.2], [3, 0.1]] },
  ],
  score: { name: "accuracy", points: [[1, 0.97], [2, 0.98], [3, 0.9876]] },
};

const linesAt = (columns: number, rows = 22): string[] =>
  layoutStatus(status, { columns, rows, color: false });

Deno.test("layoutStatus() has two plots side by side at 79 columns", () => {
  assertEquals(linesAt(79), [
    "cnn-bn on generated digits",
    "epoch 4/5 ████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  38%  0:12 left",
    "loss 0.0421  accuracy 0.9876  12034 images/s  lr 0.00312  cpu  21.0 MB",
    "              loss by epoch                          accuracy by epoch",
    "    │⠢⣀⡀                                      │                 ⢀⠔",
    "  1 ┤  ⠈⠒⠤⡀                             0.985 ┤               ⡠⠊⠁",
    "    │     ⠈⠩⢦⣄⡀                         0.980 ┤            ⢀⠔⠊",
    "    │        ⠈⠙⠳⢦⣀                            │          ⢀⠔⠁",
    "    │            ⠈⠉⠒⢦⣤⢄⣀                0.975 ┤         ⡠⠊",
    "0.1 ┤                 ⠑⠢⢍                     │       ⢠⠊",
    "    │                    ⠉⠑⠄            0.970 ┤      ⠔⠁",
    "    └─────────────────────────────────        └───────────────────────────────",
    "     0     1      2     3      4     5         0     1     2     3     4     5",
    "     ── training   ── validation",
  ]);
});

Deno.test("layoutStatus() has plots below each other at 39 columns", () => {
  assertEquals(linesAt(39), [
    "cnn-bn on generated digits",
    "epoch 4/5 █████████░░░░░░░░░░░░░░░  38%",
    "loss 0.0421  accuracy 0.9876  0:12 left",
    "12034 images/s  lr 0.00312  cpu",
    "21.0 MB",
    "              loss by epoch",
    "  1 ┤⠒⠒⠤⣀⣀",
    "    │     ⠉⠑⠲⠦⢤⣀⣀",
    "0.1 ┤           ⠉⠉⠒⠲⠦⢤⣤⢄⣀⡀",
    "    │                  ⠉⠉⠒⠢⠤⠄",
    "    └──────────────────────────────────",
    "     0     1      2      3     4      5",
    "     ── training   ── validation",
    "             accuracy by epoch",
    "0.985 ┤                 ⣀⠤⠂",
    "      │             ⣀⠤⠒⠉",
    "0.980 ┤          ⢀⡠⠊",
    "0.975 ┤        ⢀⠔⠁",
    "0.970 ┤      ⠠⠊⠁",
    "      └────────────────────────────────",
    "       0     1     2     3      4     5",
  ]);
});

Deno.test("layoutStatus() has a number in a line where there is no room at 24 columns, and no legend", () => {
  assertEquals(linesAt(24), [
    "cnn-bn on generated digi",
    "epoch 4/5 ███░░░░░░  38%",
    "loss 0.0421",
    "accuracy 0.9876",
    "0:12 left",
    "12034 images/s",
    "lr 0.00312  cpu  21.0 MB",
    "       loss by epoch",
    "  1 ┤⠒⠤⣀",
    "    │   ⠙⠶⣄⣀",
    "0.1 ┤      ⠉⠓⠦⢤⢄⡀",
    "    │          ⠉⠒⠤",
    "    └───────────────────",
    "     0  1   2   3  4   5",
    "      accuracy by epoch",
    "0.985 ┤         ⡠⠂",
    "0.980 ┤      ⢀⠔⠉",
    "0.975 ┤     ⡔⠁",
    "0.970 ┤   ⠠⠊",
    "      └─────────────────",
    "       0  1  2  3   4  5",
  ]);
});

Deno.test("layoutStatus() never has more columns or lines than there is room for", () => {
  for (const color of [false, true]) {
    for (let columns = 1; columns < 130; columns += columns < 40 ? 1 : 7) {
      for (const rows of [1, 2, 5, 8, 12, 15, 22]) {
        const lines = layoutStatus(status, { columns, rows, color });
        const widest = Math.max(...lines.map(visibleWidth));
        assert(lines.length <= rows, `${lines.length} lines in ${rows}`);
        assert(widest <= columns, `${widest} columns in ${columns}`);
      }
    }
  }
});

Deno.test("layoutStatus() leaves out what is not known, and the plots before there are two losses", () => {
  const unknown: RunStatus = {
    ...status,
    ...{
      title: "",
      loss: null,
      scores: "",
      left: NaN,
      learningRate: null,
      device: "",
      memory: null,
      score: null,
    },
    losses: [{ name: "training", points: [[0, 1]] }],
  };
  assertEquals(layoutStatus(unknown, { columns: 40, rows: 20, color: false }), [
    "epoch 4/5 ██████████░░░░░░░░░░░░░░░  38%",
    "12034 images/s",
  ]);
});

Deno.test("layoutStatus() colors the same text", () => {
  const plain = linesAt(79), colored = layoutStatus(status, { columns: 79, rows: 22, color: true });
  assert(colored.join("").includes("\x1b[32m█"));
  assertEquals(colored.map((line) => line.replace(/\p{Cc}\[[\d;]*m/gu, "").trimEnd()), plain);
});
