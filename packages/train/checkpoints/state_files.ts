/** The last states of a run in files: the newest one, and those that it has replaced. */
import { isNotFound, joinPath, runtimeFiles, writeAtomically } from "@troodon/io";
import type { TrainingPosition, TrainingState } from "../training_state.ts";
import { loadTrainingState, readPosition, saveTrainingState } from "../training_state_file.ts";

/** The file in the folder of a run from which it can go on: see {@linkcode RunFolder.saveState}. */
export const STATE_FILE = "state.safetensors";

/** The name of a state that a newer one has replaced. */
const EARLIER = /^state\.epoch-(\d+)\.step-(\d+)\.safetensors$/;

/** Returns true for the name of a state that a newer one has replaced. */
export function isEarlierState(name: string): boolean {
  return EARLIER.test(name);
}

/** The name of the state at a position when a newer one takes its place: with the epoch of its last step. */
function earlierName({ epoch, step, batch, passed }: TrainingPosition): string {
  return `state.epoch-${batch > 0 || passed ? epoch : epoch - 1}.step-${step}.safetensors`;
}

/** A state that a newer one has replaced. */
interface EarlierState {
  readonly name: string;
  readonly step: number;
}

/** The states in `folder` that a newer one has replaced, the newest first. */
async function earlierStates(folder: string): Promise<EarlierState[]> {
  const found: EarlierState[] = [];
  for (const { name } of await runtimeFiles().list(folder)) {
    const step = EARLIER.exec(name)?.[2];
    if (step !== undefined) found.push({ name, step: Number(step) });
  }
  return found.sort((a, b) => b.step - a.step);
}

/**
 * Names of the states in the folder of a run, the newest first: `state.safetensors`, then those that it has replaced.
 *
 * @throws {Deno.errors.NotFound} If there is no such folder.
 */
export async function statesOfRun(folder: string): Promise<string[]> {
  const earlier = (await earlierStates(folder)).map(({ name }) => name);
  const isThere = await runtimeFiles().status(joinPath(folder, STATE_FILE)).then(() => true, (error) => {
    if (isNotFound(error)) return false;
    throw error;
  });
  return isThere ? [STATE_FILE, ...earlier] : earlier;
}

/** Writes the newest state of a run, and keeps some of those before it. */
export class StateFiles {
  readonly #folder: string;
  readonly #keep: number;
  /** The position of the state in the newest file; null where that is not to be kept. */
  #last: TrainingPosition | null = null;

  /** Keeps the last `keep` states in `folder`. */
  constructor(folder: string, keep: number) {
    this.#folder = folder;
    this.#keep = keep;
  }

  /** Keeps the newest file when another one takes its place, if it is the one after `step`, where a run goes on. */
  async goOn(step: number): Promise<void> {
    const position = await readPosition(joinPath(this.#folder, STATE_FILE));
    this.#last = position?.step === step ? position : null;
  }

  /** Writes `state` in the place of the newest one, which gets another name first; removes what is too many when it is whole. */
  async save(state: TrainingState): Promise<void> {
    const file = joinPath(this.#folder, STATE_FILE), { position } = state;
    if (this.#last !== null && this.#keep > 1) {
      await giveName(file, joinPath(this.#folder, earlierName(this.#last)));
    }
    await saveTrainingState(file, state);
    this.#last = position;
    const earlier = await earlierStates(this.#folder);
    // Later states belong to a run that was resumed from a state before them, and are written anew.
    const kept = earlier.filter(({ step }) => step < position.step).slice(0, this.#keep - 1);
    for (const one of earlier) {
      if (!kept.includes(one)) await runtimeFiles().remove(joinPath(this.#folder, one.name));
    }
  }
}

/** Gives a file a second name; a copy where the file system has no such links. */
async function giveName(file: string, name: string): Promise<void> {
  await runtimeFiles().remove(name).catch((error) => {
    if (!isNotFound(error)) throw error;
  });
  try {
    await runtimeFiles().link(file, name);
  } catch (error) {
    if (isNotFound(error)) return;
    await writeAtomically(name, await runtimeFiles().read(file));
  }
}

/** The last state of a run that can be read. */
export interface LastGoodState {
  /** The name of its file, in the folder of the run. */
  readonly name: string;
  /** The state. */
  readonly state: TrainingState;
  /** The newer files that are damaged, and why. */
  readonly damaged: readonly { readonly name: string; readonly error: Error }[];
}

/**
 * The last state of the run in `folder` that is whole: that in `state.safetensors`, or where it is damaged the newest one of
 * those before it that the run has kept. Null if there is none at all.
 *
 * @throws {TypeError} If all are damaged; likewise a RangeError or SyntaxError. The error is that of the newest one.
 */
export async function loadLastState(folder: string): Promise<LastGoodState | null> {
  const damaged: { name: string; error: Error }[] = [];
  const names = await statesOfRun(folder).catch((error) => {
    if (isNotFound(error)) return [];
    throw error;
  });
  for (const name of names) {
    try {
      return { name, state: await loadTrainingState(joinPath(folder, name)), damaged };
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) {
        throw error;
      }
      damaged.push({ name, error });
    }
  }
  if (damaged.length > 0) throw damaged[0]!.error;
  return null;
}
