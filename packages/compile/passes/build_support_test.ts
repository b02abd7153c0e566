/** Builds programs by hand for the tests of passes. */
import type { Expr, Shape } from "@troodon/core";
import {
  body,
  computeType,
  type KernelCall,
  type LaunchProgram,
  type MapCall,
  type ProgramLaunch,
  type ProgramSlot,
  type ProgramView,
  rowMajor,
} from "@troodon/core/kernel";

/** View of a slot; contiguous float32 by default. */
export function view(slot: number, shape: Shape, given: Partial<ProgramView> = {}): ProgramView {
  return { slot, dtype: "float32", shape, strides: rowMajor(shape), offset: 0, ...given };
}

/** A launch without live values. */
export function launch(
  call: KernelCall,
  inputs: readonly ProgramView[],
  outputs: readonly ProgramView[],
): ProgramLaunch {
  return { call, inputs, outputs, live: [] };
}

/** Launch of a map with one result, over the shape of the result. */
export function map(
  of: Expr,
  inputs: readonly ProgramView[],
  output: ProgramView,
  call: Partial<MapCall> = {},
): ProgramLaunch {
  const compute = computeType(output.dtype);
  return launch(
    { kernel: "map", body: body(of), compute, scalars: [], shape: output.shape, ...call },
    inputs,
    [output],
  );
}

/** Slots of the given kinds with 4096 bytes each. */
export function slots(...kinds: readonly ("given" | "own" | "constant")[]): ProgramSlot[] {
  return kinds.map((kind) =>
    kind === "constant" ? { kind, bytes: 4096, data: new Uint8Array(4096) } : { kind, bytes: 4096 }
  );
}

/** Describes the launches of a program for comparison: family, body keys and slots. */
export function shown({ launches }: Pick<LaunchProgram, "launches">): string[] {
  return launches.map(({ call, inputs, outputs }) => {
    const keys = [
      "body" in call ? call.body.key : "",
      "post" in call && call.post ? `post ${call.post.key}` : "",
      "epilogue" in call && call.epilogue ? `epilogue ${call.epilogue.key}` : "",
    ].filter((key) => key !== "");
    const of = (views: readonly ProgramView[]) => views.map(({ slot }) => slot).join(",");
    return [call.kernel, ...keys, `${of(inputs)} -> ${of(outputs)}`].join(" ");
  });
}
