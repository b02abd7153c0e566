/** Properties that the code of an elementwise kernel depends on. */
import type { Body, MapCall } from "@troodon/core";
import type { OperandSpec } from "../../lower/leaves.ts";
import { Parameters } from "../../lower/parameters.ts";

/** Properties that a kernel's code depends on. Operands: inputs, outputs, then positions. */
export interface MapSpec {
  readonly body: Body;
  readonly compute: MapCall["compute"];
  readonly operands: readonly OperandSpec[];
  readonly inputs: number;
  /** Number of nested loops. */
  readonly levels: number;
  /** Inputs of 32 bits that are strided along the last loop and dense along the one before, such as transposed ones. */
  readonly turned: readonly number[];
}

/** Layout of the parameter block that the generated code reads. */
export function layoutOf({ body, operands, levels }: MapSpec): Parameters {
  return new Parameters(operands.length, levels, body.hostScalarCount);
}
