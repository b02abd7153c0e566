/** Checks that the flags of a command line are those of the run to resume. */
import type { RunConfig } from "@troodon/troodon";

/** Parts of a configuration that may differ from those of the run that the state is of. */
const FREE: ReadonlySet<string> = new Set([
  ...["data", "epochs", "logEvery", "device", "ground", "compile"],
  ...["optimizer.lr", "scheduler.maxLr", "scheduler.totalSteps"],
]);

/** The flags behind the parts of a configuration, the first one of those that differ first. */
const FLAGS: Readonly<Record<string, string>> = {
  model: "--model",
  dataset: "--dataset",
  limit: "--limit",
  size: "--size",
  channels: "--channels",
  augment: "--augment",
  weights: "--weights",
  freeze: "--freeze",
  shift: "--shift",
  batchSize: "--batch-size",
  "optimizer.name": "--optimizer",
  "optimizer.momentum": "--momentum",
  "optimizer.weightDecay": "--weight-decay",
  "scheduler.name": "--schedule",
  "scheduler.stepSize": "--lr-step",
  "scheduler.gamma": "--lr-gamma",
  averages: "--average",
  clip: "--clip",
  earlyStop: "--early-stop",
  overfit: "--overfit",
  accumulate: "--accumulate",
  precision: "--precision",
  inverted: "--invert",
  seed: "--seed",
};

/** Parts that earlier configurations lack, as they were then. */
const EARLIER: RunConfig = {
  ...{ size: [28, 28], channels: 1, augment: false, weights: null, freeze: false },
  ...{
    clip: null,
    earlyStop: null,
    overfit: null,
    accumulate: 1,
    precision: "float32",
    inverted: false,
  },
};

/** Parts that follow from another one: where that differs nobody wants to hear of them. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  "optimizer.name": ["optimizer."],
  "scheduler.name": ["scheduler."],
  dataset: ["classes", "normalization", "samples", "channels", "size", "difficulty", "inverted"],
  difficulty: ["normalization"],
  channels: ["normalization"],
  weights: ["channels", "normalization"],
  limit: ["samples"],
  inverted: ["normalization"],
};

/** The words of the flags where the configuration has others. */
const WORDS: Readonly<Record<string, string>> = { StepLR: "step", OneCycleLR: "one-cycle" };

/**
 * Checks that a state in `file` is of the run that `config` describes, but for its learning rate and what is of no
 * importance.
 *
 * @param of The configuration of the run that the state is of.
 * @throws {RangeError} If it is of another model, recipe, seed or dataset; the message names the flags.
 */
export function checkSameRun(file: string, of: RunConfig, config: RunConfig): void {
  const before = partsOf({ ...EARLIER, ...of }), now = partsOf({ ...EARLIER, ...config });
  const differing = [...new Set([...Object.keys(FLAGS), ...before.keys(), ...now.keys()])].filter((key) =>
    !FREE.has(key) && before.get(key) !== now.get(key)
  );
  const following = differing.flatMap((key) => FOLLOWS[key] ?? []);
  const told = differing.filter((key) =>
    FOLLOWS[key] !== undefined || !following.some((start) => key.startsWith(start))
  );
  if (told.length === 0) return;
  const said = (key: string, text = "null"): string => {
    const flag = FLAGS[key];
    if (key === "averages") return `--average ${text === "null" ? "last" : "mean"}`;
    if (flag === undefined) return `${key} ${text}`;
    if (text === "true") return flag;
    const plain = key === "size" ? text.slice(1, -1).replace(",", "x") : text.replaceAll('"', "");
    return text === "false" || text === "null" ? `no ${flag}` : `${flag} ${WORDS[plain] ?? plain}`;
  };
  throw new RangeError(
    `Cannot go on from ${file} as it must be of the same run: it has ${
      told.map((key) => `${said(key, before.get(key))} and not ${said(key, now.get(key))}`).join(", ")
    }`,
  );
}

/** The parts of a configuration, and those of its optimizer and scheduler, as texts. */
function partsOf(config: RunConfig): Map<string, string> {
  const parts = new Map<string, string>();
  for (const [key, value] of Object.entries(config)) {
    if (key !== "optimizer" && key !== "scheduler") parts.set(key, JSON.stringify(value));
    else {for (const [name, part] of Object.entries(value ?? {})) {
        parts.set(`${key}.${name}`, JSON.stringify(part));
      }}
  }
  return parts;
}
