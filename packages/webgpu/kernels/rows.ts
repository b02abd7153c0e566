/** Rows that are so few and so long that several workgroups share one. */
import { relaid, rowMajor } from "@troodon/core/kernel";
import type { Planner, PlanView } from "../kernel.ts";
import { type Team, teamSteps } from "../wgsl/team.ts";

/** Workgroups that leave a GPU empty, and elements of a row from which on it is worth several of them. */
const FEW = 64, LONG = 2 ** 15;

/** True if one team per row, over `rows` rows of `n` elements passed `walks` times, would take too long. */
export function areLong(
  { limits }: Planner,
  team: Team,
  [rows, n]: readonly number[],
  walks: number,
): boolean {
  return teamSteps(team, n!, walks) > limits.steps || (Math.ceil(rows! / team.rows) < FEW && n! >= LONG);
}

/** Temporary memory of a float32 for each row, as the output of a reduction of rows. */
export function perRow(planner: Planner, rows: number): PlanView {
  const shape = [rows, 1];
  return { buffer: planner.scratch(4 * rows), dtype: "float32", shape, strides: rowMajor(shape), offset: 0 };
}

/** A value for each row as a view of the shape of the rows. */
export function alongRows(view: PlanView, shape: readonly number[]): PlanView {
  return relaid(view, shape, [view.strides[0]!, 0]);
}
