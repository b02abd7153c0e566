/**
 * Recipe of `deno task train`: optimizer, schedule and averaging. The defaults give good results early and at the end,
 * for any model and any number of epochs: see "The recipe" in packages/train/README.md.
 */
import {
  Adam,
  AdamW,
  AveragedParameters,
  averaging,
  clipGradNorm,
  type FitLoopOptions,
  type FitObserver,
  type GroupOptions,
  type Module,
  OneCycleLR,
  type Optimizer,
  type Parameter,
  polynomial,
  RMSprop,
  SGD,
  stepEachBatch,
  StepLR,
} from "@troodon/troodon";
import { UsageError } from "../flags/options.ts";

/** Names of the optimizers. */
export const OPTIMIZER_NAMES = ["adam", "adamw", "rmsprop", "sgd"] as const;
/** Names of schedules of the learning rate. */
export const SCHEDULE_NAMES = ["one-cycle", "step"] as const;
/** Weights that may be tested and saved. */
export const WEIGHT_NAMES = ["mean", "last"] as const;

/** Command-line flags of the recipe; undefined selects the default. */
export interface RecipeOptions {
  readonly epochs: number;
  readonly "batch-size": number;
  readonly optimizer: typeof OPTIMIZER_NAMES[number];
  readonly lr: number | undefined;
  readonly momentum: number | undefined;
  readonly "weight-decay": number | undefined;
  readonly schedule: typeof SCHEDULE_NAMES[number] | undefined;
  readonly "lr-step": number | undefined;
  readonly "lr-gamma": number | undefined;
  readonly average: typeof WEIGHT_NAMES[number];
  readonly clip: number | undefined;
}

/** Momentum stays constant, as cycling it gained nothing. */
const CYCLE = {
  divFactor: 4,
  finalDivFactor: 250,
  annealStrategy: "linear",
  cycleMomentum: false,
} as const;

/** The average covers about the last tenth of the run. */
const ETA = 8;

/** Parts of a run that change the weights. */
export interface Recipe {
  /**
   * Options of {@linkcode fit}: observers step the one-cycle schedule, and have the averaged weights tested and saved.
   */
  readonly parts:
    & Required<Pick<FitLoopOptions, "optimizer" | "epochs" | "observers">>
    & Pick<FitLoopOptions, "scheduler">;
  /** Settings that reproduce the recipe, for `config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Creates the recipe for training `model`.
 *
 * @param steps Number of steps in an epoch.
 * @throws {UsageError} If flags cannot be combined.
 */
export function createRecipe(model: Module, options: RecipeOptions, steps: number): Recipe {
  const { epochs, "batch-size": batchSize, "lr-step": stepSize, "lr-gamma": gamma } = options;
  const stepped = stepSize ?? gamma;
  const { schedule = stepped === undefined ? "one-cycle" : "step" } = options;
  if (schedule === "one-cycle" && stepped !== undefined) {
    throw new UsageError("--lr-step and --lr-gamma do not go with --schedule one-cycle");
  }
  const optimizer = createOptimizer(model, options, schedule === "one-cycle" ? 0.004 : 0.001);
  const { params: _, ...group } = optimizer.paramGroups[0]!;
  const cycle = schedule === "one-cycle"
    ? { maxLr: group.lr, totalSteps: epochs * steps, ...CYCLE } as const
    : null;
  const oneCycle = cycle && new OneCycleLR(optimizer, cycle);
  const stepLr = cycle ? null : new StepLR(optimizer, { stepSize: stepSize ?? 1, gamma: gamma ?? 0.7 });
  const trained = trainedOf(model), isWhole = trained.length === [...model.parameters()].length;
  const averages = options.average === "mean"
    // Averaging values that never change would only round them.
    ? new AveragedParameters(isWhole ? model.stateDict().values() : trained, { weight: polynomial(ETA) })
    : null;
  return {
    parts: {
      optimizer,
      epochs,
      ...(stepLr && { scheduler: stepLr }),
      observers: [
        options.clip === undefined ? null : clipping(trained, options.clip),
        oneCycle && stepEachBatch(oneCycle),
        averages && averaging(averages),
      ].filter((one) => one !== null),
    },
    config: {
      epochs,
      batchSize,
      optimizer: { name: options.optimizer, ...group },
      scheduler: stepLr
        ? { name: "StepLR", stepSize: stepLr.stepSize, gamma: stepLr.gamma }
        : { name: "OneCycleLR", ...cycle },
      averages: averages && { weight: "polynomial", eta: ETA },
      clip: options.clip ?? null,
    },
  };
}

/** Limits the total norm of all gradients before each step. */
function clipping(parameters: readonly Parameter[], norm: number): FitObserver {
  return { onBeforeStep: () => void clipGradNorm(parameters, norm) };
}

/** Returns the parameters that are not frozen. */
function trainedOf(model: Module): Parameter[] {
  return [...model.parameters()].filter(({ requiresGrad }) => requiresGrad);
}

function createOptimizer(model: Module, options: RecipeOptions, adamLr: number): Optimizer<GroupOptions> {
  const { lr, momentum, "weight-decay": weightDecay } = options;
  if (momentum !== undefined && options.optimizer.startsWith("adam")) {
    throw new UsageError(`--momentum does not go with --optimizer ${options.optimizer}`);
  }
  const trained = trainedOf(model);
  const shared = { ...(lr !== undefined && { lr }), ...(weightDecay !== undefined && { weightDecay }) };
  switch (options.optimizer) {
    case "adam":
      return new Adam(trained, { lr: adamLr, ...shared });
    case "adamw":
      return new AdamW(trained, { lr: adamLr, ...shared });
    case "rmsprop":
      return new RMSprop(trained, { lr: 0.001, ...shared, momentum: momentum ?? 0 });
    case "sgd":
      return new SGD(trained, { lr: 0.05, ...shared, momentum: momentum ?? 0.9 });
  }
}
