import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  choice,
  count,
  formatHelp,
  nameAmong,
  number,
  numbers,
  onOff,
  optionalText,
  readCommandLine,
  sizes,
  text,
  threeWay,
  UsageError,
} from "./options.ts";

const FLAGS = {
  model: choice(["mlp", "cnn"], "The network", "cnn"),
  data: text("DIR", "Its folder", undefined, "data"),
  epochs: count("Passes", 5),
  limit: count("Samples", undefined, { shown: "all" }),
  "lr-gamma": number("Factor", 0.7, { min: 0 }),
  offline: onOff("Download nothing"),
  resume: optionalText("FILE", "Go on"),
};

const read = (...args: string[]) => readCommandLine(args, FLAGS);

Deno.test("readCommandLine() gives what is not given its default", () => {
  assertEquals(read(), {
    values: {
      model: "cnn",
      data: undefined,
      epochs: 5,
      limit: undefined,
      "lr-gamma": 0.7,
      offline: false,
      resume: undefined,
    },
    args: [],
    rest: [],
    help: false,
  });
});

Deno.test("readCommandLine() reads values in both forms, and the rest", () => {
  const { values, rest } = read(
    "runs/a",
    "--epochs=3",
    "--lr-gamma",
    "1e-1",
    "--offline",
    "7",
    "--data",
    "12",
  );
  assertEquals([values.epochs, values["lr-gamma"], values.offline, values.data], [3, 0.1, true, "12"]);
  assertEquals(rest, ["runs/a", "7"]);
  assertEquals(read("-h").help, true);
});

Deno.test("readCommandLine() lets a flag stand alone that may", () => {
  for (const args of [["--resume"], ["--resume", "--epochs", "3"]]) {
    assertEquals(read(...args).values.resume, "");
  }
  assertEquals(read("--resume", "a.safetensors").values.resume, "a.safetensors");
  assertEquals(read("--", "--epochs", "-3").rest, ["--epochs", "-3"]);
});

Deno.test("readCommandLine() refuses what it does not know", () => {
  const refuses = (message: string, ...args: string[]) => {
    assertStringIncludes(assertThrows(() => read(...args), UsageError).message, message);
  };
  refuses("Unknown flag: --epoch", "--epoch", "3");
  refuses("Unknown flag: --epoch. Did you mean --epochs?", "--epoch=3");
  refuses("Unknown flag: --modle. Did you mean --model?", "--modle", "cnn");
  refuses("Unknown flag: --lr_gamma. Did you mean --lr-gamma?", "--lr_gamma", "1");
  refuses("Unknown flag: -epochs. Did you mean --epochs?", "-epochs", "1");
  assertEquals(assertThrows(() => read("--verbosity"), UsageError).message, "Unknown flag: --verbosity");
  refuses("Unknown flag: --no-offline", "--no-offline");
  refuses("--epochs needs a value", "--epochs");
  refuses("--epochs needs a value", "--epochs", "--offline");
  refuses("whole number of at least 1: current value is 0", "--epochs", "0");
  refuses("whole number", "--epochs", "2.5");
  refuses("number of at least 0", "--lr-gamma", "much");
  refuses("number of at least 0", "--lr-gamma=-1");
  refuses("whole number of at least 1: current value is -3", "--epochs", "-3");
  refuses("number of at least 0: current value is -.5", "--lr-gamma", "-.5");
  refuses("number of at least 0: current value is -1e-3", "--lr-gamma", "-1e-3");
  refuses("Unknown flag: -3", "--offline", "-3");
  refuses("one of mlp, cnn: current value is vgg", "--model", "vgg");
});

Deno.test("formatHelp() shows every flag with its default", () => {
  const help = formatHelp("train [flags]", "Trains.", FLAGS);
  assertStringIncludes(help, "Usage: train [flags]\n\nTrains.\n");
  assertStringIncludes(help, "  --epochs N            Passes (5)\n");
  assertStringIncludes(help, "  --limit N             Samples (all)\n");
  assertStringIncludes(help, "  --offline             Download nothing\n");
  assertStringIncludes(help, "  --resume [FILE]       Go on\n");
});

Deno.test("readCommandLine() reads names among many, sizes, and numbers with commas", () => {
  const flags = {
    net: nameAmong(["alexnet", "resnet18"], "The network", "alexnet"),
    size: sizes("Images", "28"),
    std: numbers("Deviation", (x) => x > 0, "numbers above 0", "1"),
  };
  const read = (...args: string[]) => readCommandLine(args, flags).values;
  assertEquals(read(), { net: "alexnet", size: undefined, std: undefined });
  assertEquals(read("--net", "resnet18", "--size", "64x48", "--std", "0.5"), {
    net: "resnet18",
    size: [64, 48],
    std: 0.5,
  });
  assertEquals(read("--size", "32", "--std", "1,2e-1,3"), {
    net: "alexnet",
    size: [32, 32],
    std: [1, 0.2, 3],
  });
  for (
    const [flag, value, message] of [
      ["--net", "resnet8", "--net must be a known name, such as resnet18: current value is resnet8"],
      ["--net", "vgg", "--net must be one of alexnet, resnet18"],
      ["--size", "0", "rows and columns"],
      ["--size", "32x", "rows and columns"],
      ["--size", "3.5", "rows and columns"],
      ["--std", "0", "numbers above 0"],
      ["--std", "1,,2", "numbers above 0"],
      ["--std", "1e999", "numbers above 0"],
    ] as const
  ) assertStringIncludes(assertThrows(() => read(flag, value), UsageError).message, message);
});

Deno.test("readCommandLine() reads a switch of three ways, which takes no other word than auto", () => {
  const flags = { invert: threeWay("Invert"), epochs: count("Passes", 5) };
  const read = (...args: string[]) => {
    const { values, rest } = readCommandLine(args, flags);
    return [values.invert, ...rest];
  };
  assertEquals(read(), ["auto"]);
  assertEquals(read("--invert", "image.png"), ["on", "image.png"]);
  assertEquals(read("--no-invert", "auto"), ["off", "auto"]);
  assertEquals(read("--invert", "auto", "image.png"), ["auto", "image.png"]);
  assertEquals(read("--no-invert", "--invert=auto"), ["auto"]);
  assertEquals(read("--", "--no-invert"), ["auto", "--no-invert"]);
  assertThrows(() => read("--invert=maybe"), UsageError, "--invert must stand alone, or be auto");
  assertThrows(() => read("--no-epochs", "3"), UsageError, "Unknown flag: --no-epochs");
});
