/**
 * Command-line flags, and the programs that use them, for the programs of this project.
 *
 * @module
 */

export {
  choice,
  type CommandLine,
  count,
  type Flag,
  type Flags,
  formatHelp,
  nameAmong,
  number,
  numbers,
  onOff,
  optionalText,
  readCommandLine,
  sizes,
  text,
  type ThreeWay,
  threeWay,
  UsageError,
  type Values,
} from "./flags/options.ts";
export {
  type Command,
  commandOf,
  type CommandProgram,
  exitCodeOf,
  type Program,
  runProgram,
} from "./flags/run_program.ts";
