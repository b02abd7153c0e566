/** Runs after which everything that they changed is as before. */
import { DataLoader } from "@troodon/datasets";
import type { BatchSource } from "../batch.ts";
import { LossMeter } from "../loss_meter.ts";
import { StateKeeper, type TrainingParts } from "../state_keeper.ts";

const BEGINNING = { epoch: 1, step: 0, batch: 0, passed: false, samples: 0, sum: 0, seconds: 0 } as const;

/**
 * Runs `train`, then puts back what it changed of the parts, also where it fails: parameters, buffers, gradients, modes, what
 * the optimizer remembers, random numbers, and the position of a loader.
 */
export async function leftAsBefore(parts: TrainingParts, train: () => Promise<void>): Promise<void> {
  const { model, optimizer, batches } = parts;
  using meter = new LossMeter();
  // The position of a loader is put back by itself: see below.
  const keeper = new StateKeeper({ ...parts, batches: { length: 0 } }, meter);
  const state = await keeper.take(BEGINNING), position = positionOf(batches);
  const modes = [...model.modules()].map((module) => [module, module.training] as const);
  const tensors = new Set([...model.parameters(), ...optimizer.paramGroups.flatMap(({ params }) => params)]);
  const gradients = [...tensors].map((tensor) => [tensor, tensor.grad] as const);
  // Steps dispose of the gradients that they find.
  for (const [tensor] of gradients) tensor.grad = null;
  try {
    await train();
  } finally {
    keeper.restore(state, keeper.device);
    for (const [tensor, gradient] of gradients) tensor.grad = gradient;
    for (const [module, training] of modes) module.training = training;
    restorePosition(batches, position);
  }
}

function positionOf(batches: BatchSource): unknown {
  batches.newPass?.();
  return structuredClone(batches.stateDict?.() ?? null);
}

/** Makes the next pass that which it would have been. */
function restorePosition(batches: BatchSource, position: unknown): void {
  if (position === null) return;
  if (!(batches instanceof DataLoader)) return batches.loadStateDict?.(position);
  batches.newPass();
  const { sampler } = batches.stateDict();
  const before = position as ReturnType<typeof batches.stateDict>;
  // A sampler that draws from the default generator is back already, and must not set it at the next pass.
  const isBack = JSON.stringify(sampler) === JSON.stringify(before.sampler);
  batches.loadStateDict(isBack ? { ...before, sampler: null } : before);
}
