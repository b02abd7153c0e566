/** Losses. */
import * as core from "@troodon/core";
import type { Call } from "../call.ts";
import type { Operators, Results } from "../operator.ts";

function optionsOf(call: Call): core.NllLossOptions {
  const { attributes } = call,
    wanted = attributes.text("reduction", "mean"),
    ignoreIndex = attributes.int("ignore_index");
  const reduction = (["mean", "sum", "none"] as const).find((known) => known === wanted);
  return {
    reduction: reduction ?? call.refuse(`there is no reduction ${wanted}`),
    weight: call.optional(2) ?? null,
    ...(ignoreIndex !== undefined && { ignoreIndex }),
  };
}

function crossEntropy(call: Call): Results {
  const x = call.input(0), loss = core.crossEntropy(x, call.input(1), optionsOf(call));
  return call.wanted[1] ? [loss, core.logSoftmax(x, 1)] : loss;
}

/** Losses. */
export const LOSS: Operators = {
  NegativeLogLikelihoodLoss: (call) => core.nllLoss(call.input(0), call.input(1), optionsOf(call)),
  SoftmaxCrossEntropyLoss: crossEntropy,
};
