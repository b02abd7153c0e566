/** Positions in iteration spaces, in WGSL. */
import type { Space } from "@troodon/core/kernel";

/**
 * Statements that take the number `index` of an element apart into positions
 * `name`0, `name`1, ... along all axes.
 */
export function positions({ extents }: Pick<Space, "extents">, index: string, name: string): string[] {
  const lines: string[] = [];
  let rest = index;
  for (let axis = extents.length - 1; axis > 0; axis--) {
    // An empty space has no positions, but its shader must compile.
    const extent = Math.max(1, extents[axis]!);
    lines.push(`let ${name}${axis} = ${rest} % ${extent}u;`);
    lines.push(`let ${name}_${axis} = ${rest} / ${extent}u;`);
    rest = `${name}_${axis}`;
  }
  if (extents.length > 0) lines.push(`let ${name}0 = ${rest};`);
  return lines;
}

/** The sum of positions times `strides`; negative strides wrap around, as u32 do. */
export function offsetOf(strides: readonly number[], name: string): string {
  const terms = strides.flatMap((stride, axis) =>
    stride === 0 ? [] : [stride === 1 ? `${name}${axis}` : `${name}${axis} * ${stride >>> 0}u`]
  );
  return terms.length > 0 ? terms.join(" + ") : "0u";
}
