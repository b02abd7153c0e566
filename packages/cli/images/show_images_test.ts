import { assert, assertEquals } from "@std/assert";
import { LabeledImages } from "@troodon/troodon";
import { outputScreen } from "../flags/screen.ts";
import { drawCases, showCases } from "./show_cases.ts";
import { showConfusion, showWorst, worstLine } from "./show_classes.ts";

const CONFUSION = [[8, 1, 1], [0, 10, 0], [2, 3, 5]], CLASSES = ["cat", "dog", "o\x1bwl"];

Deno.test("outputScreen() is a window a column narrower, and null without one", () => {
  const size = () => ({ columns: 40, rows: 20 });
  assertEquals(outputScreen({ showsOutput: true, noColor: true, size }), { columns: 39, color: false });
  assertEquals(outputScreen({ showsOutput: true, noColor: false, size: () => null }), {
    columns: 79,
    color: true,
  });
  assertEquals(outputScreen({ showsOutput: false, noColor: false, size }), null);
});

Deno.test("showWorst() and worstLine() name the classes that were missed, the worst first", () => {
  assertEquals(showWorst(CONFUSION, CLASSES), [
    "Least found",
    "o?wl: 50.0 % of 10 found, 3 taken for dog",
    "cat: 80.0 % of 10 found, 1 taken for dog",
  ]);
  assertEquals(worstLine(CONFUSION, CLASSES), "Least found: o?wl 50.0 %, cat 80.0 %");
  assertEquals([showWorst([[1]], ["a"]), worstLine([[1]], ["a"])], [[], null]);
});

Deno.test("showConfusion() fits a window, and leaves out what nobody could read there", () => {
  assertEquals(showConfusion(CONFUSION, CLASSES, { columns: 10, color: false })[3]!.split("\n"), [
    "      cat",
    "cat     8",
    "dog     0",
    "o?wl    2",
    "",
    "      dog",
    "cat     1",
    "dog    10",
    "o?wl    3",
    "",
    "      o?wl",
    "cat      1",
    "dog      0",
    "o?wl     5",
  ]);
  const many = Array.from({ length: 31 }, (_, i) => String(i)), none = many.map(() => many.map(() => 0));
  assertEquals(showConfusion(none, many, { columns: 80, color: false }), [
    "Confusion matrix: --json has it, of 31 classes",
  ]);
  assertEquals(showConfusion(none, many, null)[3]!.split("\n").length, 32);
});

Deno.test("drawCases() has a picture with its name and classes for each of the first", () => {
  const images = new LabeledImages({
    images: Uint8Array.from({ length: 4 * 4 }, (_, i) => i < 4 ? 255 : 0),
    labels: new Uint8Array(4),
    height: 2,
    width: 2,
  });
  const cases = [0, 1, 2, 3].map((index) => ({
    index,
    prediction: 1,
    truth: 0,
    ...(index === 3 && { path: "x" }),
  }));
  const screen = { columns: 60, color: false }, classes = ["cat", "a name of a good length"];
  assertEquals(drawCases(cases, ["cat", "dog"], images, screen, 2).join("\n").split("\n"), [
    "4 misclassified",
    "",
    "@@",
    "index 0                index 1",
    "is cat, predicted dog  is cat, predicted dog",
    "",
    "... and 2 more",
    "--limit N draws more, --json has all",
  ]);
  const long = [{ ...cases[3]!, path: "a/folder/with/a/long/name/3.png" }];
  assertEquals(drawCases(long, classes, images, screen).join("\n").split("\n").slice(3), [
    "a/folder/with/a/long/nam",
    "e/3.png",
    "is cat, predicted a name",
    "of a good length",
  ]);
  assert(drawCases(cases, ["cat", "dog"], images, { ...screen, color: true }).join("").includes("▀"));
  assertEquals(drawCases([], classes, images, screen), ["0 misclassified"]);
});

Deno.test("showCases() lists as many as it is asked for", () => {
  const cases = [0, 1, 2].map((index) => ({ index, prediction: 1, truth: 0 }));
  assertEquals(showCases(cases, CLASSES, 1), [
    "3 misclassified",
    "index 0: predicted dog, is cat",
    "... and 2 more: --limit N shows more, --json has all",
  ]);
});
