/** Flags that the benchmarks share. */
import { type Flag, onOff, text, UsageError } from "@troodon/cli/flags";

/** Where to calculate, and where to leave the numbers. */
export const COMMON_FLAGS: {
  readonly device: Flag<string>;
  readonly json: Flag<string | undefined>;
  readonly quick: Flag<boolean>;
} = {
  device: text(
    "NAMES",
    "cpu, native (machine code, no BLAS), blas (WebAssembly with a BLAS), wasm (WebAssembly alone), webgpu or part " +
      "of an adapter's name; native@1: one thread; several with commas, in turns",
    "cpu",
  ),
  json: text("FILE", "Writes the numbers there as well", undefined),
  quick: onOff("The smallest sizes for an instant each: whether all of it runs"),
};

/** Words between commas. */
export function listed(words: string): string[] {
  return words.split(",").map((word) => word.trim()).filter((word) => word !== "");
}

/** What `--filter` asks for. */
export function patternOf(filter: string | undefined): RegExp {
  try {
    return new RegExp(filter ?? "");
  } catch (error) {
    throw new UsageError(`--filter must be a regular expression: ${(error as Error).message}`);
  }
}
