/** The network of a training run. */
import type { FitObserver, Module } from "@troodon/troodon";
import { createModel, createPretrained } from "./create_model.ts";
import { freezeBody } from "./freeze.ts";
import { UsageError } from "../flags/options.ts";
import { WEIGHT_NAMES } from "./recipe.ts";
import type { TrainingData } from "../images/training_data.ts";

/** Command-line flags of the network. */
export interface NetworkFlags {
  readonly model: string;
  /** File or URL of the weights to begin with. */
  readonly weights: string | undefined;
  /** Trains the head of the network alone. */
  readonly freeze: boolean;
}

/** Network of a run. */
export interface Network {
  readonly model: Module;
  /** Observers that training needs. */
  readonly observers: readonly FitObserver[];
  /** Description of the network in one line. */
  readonly said: string;
}

/**
 * Checks the flags of the network against each other.
 *
 * @throws {UsageError} If they do not go together.
 */
export function checkWeights({ weights, freeze }: NetworkFlags): void {
  if (freeze && weights === undefined) {
    throw new UsageError(
      "--freeze needs --weights FILE: a body without them has nothing to give to the head",
    );
  }
  const average = WEIGHT_NAMES.find((name) => name === weights);
  if (average !== undefined) {
    throw new UsageError(
      `--weights names a file: --average ${average} tells which weights are tested and saved`,
    );
  }
}

/**
 * Creates the network of a run, with the weights of a file unless the run goes on, as its state has them.
 *
 * @throws {RangeError} If the network cannot take the images, or the file does not match it.
 */
export async function openNetwork(
  { model: name, weights, freeze }: NetworkFlags,
  { classes: { length: classes }, shape }: Pick<TrainingData, "classes" | "shape">,
  { resumes }: { readonly resumes: boolean },
): Promise<Network> {
  const model = weights === undefined || resumes
    ? createModel(name, { classes, shape })
    : await createPretrained(name, weights, { classes, shape }, (head) => {
      console.log(
        `${weights} is for ${head.found} classes: its head ${head.name} is replaced by a new one for ${classes}`,
      );
    });
  const observers = freeze ? [freezeBody(model)] : [];
  const sizes = [...model.parameters()].map((p) => [p.numel(), p.requiresGrad ? p.numel() : 0] as const);
  const [all, trained] = [0, 1].map((i) => sizes.reduce((sum, both) => sum + both[i]!, 0));
  return {
    model,
    observers,
    said: `${name} with ${all} parameters${freeze ? `, ${trained} of them trained` : ""}`,
  };
}
