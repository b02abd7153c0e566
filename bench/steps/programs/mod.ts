/** The nine programs that steps are measured with. */
import type { SmallName } from "@troodon/cli/tools";
import { GPT } from "./gpt.ts";
import { imageProgram } from "./images.ts";
import { RECURRENT } from "./lstm.ts";
import type { Program } from "./program.ts";
import { RESNET18 } from "./resnet18.ts";
import { SINE } from "./sine.ts";
import { TRANSFORMER } from "./transformer.ts";

export { trainStep } from "./program.ts";
export type { Program, ProgramSize, Training, TrainingStep } from "./program.ts";

/** Names of the programs. */
export type ProgramName =
  | SmallName
  | "sine"
  | "transformer"
  | "gpt"
  | "lstm"
  | "resnet18";

/** The programs by name. */
export const PROGRAMS: Readonly<Record<ProgramName, Program>> = {
  mlp: imageProgram("mlp"),
  lenet: imageProgram("lenet"),
  cnn: imageProgram("cnn"),
  "cnn-bn": imageProgram("cnn-bn"),
  sine: SINE,
  transformer: TRANSFORMER,
  gpt: GPT,
  lstm: RECURRENT,
  resnet18: RESNET18,
};

/** Names of the programs, those of few kernels first. */
export const PROGRAM_NAMES: readonly ProgramName[] = Object.keys(PROGRAMS) as ProgramName[];
