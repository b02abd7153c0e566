/**
 * Parts of the commands, for the tools, benchmarks and tests of this project: networks by name, runs, files of tensors.
 *
 * @module
 */

export { readInput } from "./convert/read_input.ts";
export { drawnDigits } from "./images/drawn.ts";
export { readConfigFile } from "./flags/config_file.ts";
export { createModel, type NetworkOptions, type SmallName } from "./network/create_model.ts";
export { loadWeights, weightsFile, type WeightsFlags } from "./run/checkpoint.ts";
export { type CurvePoint, readCurve } from "./run/curve.ts";
export { commitOf } from "./run/git_commit.ts";
export { farewell } from "./run/interruption.ts";
export { differences, type Manifest, readManifest, RunRecord } from "./run/manifest.ts";
export { replayOptions } from "./run/replay_options.ts";
export { findRun, type OpenedRun, openRun, type PlaceOptions, type RunPlace } from "./run/resume.ts";
export { type ListedRun, listRuns, sortRuns } from "./run/run_list.ts";
export { runTable } from "./run/run_table.ts";
export { readSavedConfig, type SavedConfig } from "./run/saved_run.ts";
