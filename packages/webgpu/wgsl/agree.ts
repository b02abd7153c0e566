/**
 * How the threads of a workgroup bring their values together: through
 * subgroups as far as these reach, through memory of the workgroup from there.
 * The order is one and the same either way, by neighbors, then by pairs of
 * them, and so on: so are the bits of the results, whatever the device.
 */
import type { ShaderText } from "./shader.ts";

/** What a thread carries: variables of these names, and what they are at first. */
export interface Carried {
  readonly name: string;
  readonly type: string;
  readonly identity: string;
}

/** Which threads belong together: those whose numbers `local` differ by multiples of `stride` below `lanes` of them. */
export interface Party {
  /** Threads in all, which are several parties. */
  readonly size: number;
  /** Threads of a party; a power of two, as is `stride`. */
  readonly lanes: number;
  readonly stride: number;
}

/** Statements, and declarations that belong in front of the entry point. */
export interface Agreement {
  readonly declarations: readonly string[];
  readonly statements: readonly string[];
}

/** Values of the workgroup's memory that each thread brings together on its own. */
const ALONE = 8;

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/**
 * Brings the values of each party together, so that all of its threads have
 * the result. `merge` gives the statements that take values `b` into `a`; it
 * must not matter which of two is which. Control flow must be uniform.
 */
export function agree(
  text: ShaderText,
  { size, lanes, stride }: Party,
  carried: readonly Carried[],
  merge: (a: readonly string[], b: readonly string[]) => readonly string[],
): Agreement {
  const names = carried.map(({ name }) => name), others = names.map((name) => `${name}_other`);
  const shared = names.map((name) => `${name}_shared`);
  const put = names.map((name, s) => `${shared[s]}[local] = ${name};`);
  const exchange = (value: (s: number) => string): string[] => [
    "{",
    ...indent(others.map((other, s) => `let ${other} = ${value(s)};`)),
    ...indent(merge(names, others)),
    "}",
  ];
  const statements: string[] = [];
  let step = 1;
  for (; step < lanes && step * stride < text.subgroup; step *= 2) {
    text.useSubgroups();
    statements.push(...exchange((s) => `subgroupShuffleXor(${names[s]}, ${step * stride}u)`));
  }
  if (step >= lanes) return { declarations: [], statements };
  for (; lanes / step > ALONE; step *= 2) {
    statements.push(
      ...put,
      "workgroupBarrier();",
      ...exchange((s) => `${shared[s]}[local ^ ${step * stride}u]`),
      "workgroupBarrier();",
    );
  }
  // Few are left: all threads read them, which leaves nothing to be told.
  const count = lanes / step, own = stride === 1 ? `local / ${lanes}u * ${lanes}u` : `local % ${stride}u`;
  const part = (j: number): string[] => names.map((name) => `${name}_${j}`);
  statements.push(...put, "workgroupBarrier();");
  for (let j = 0; j < count; j++) {
    statements.push(
      ...part(j).map((name, s) => `var ${name} = ${shared[s]}[${own} + ${j * step * stride}u];`),
    );
  }
  for (let apart = 1; apart < count; apart *= 2) {
    for (let j = 0; j < count; j += 2 * apart) statements.push(...merge(part(j), part(j + apart)));
  }
  statements.push(...part(0).map((name, s) => `${names[s]} = ${name};`));
  const declarations = carried.map(({ type }, s) => `var<workgroup> ${shared[s]}: array<${type}, ${size}>;`);
  return { declarations, statements };
}

/**
 * Turns the values `name` of the threads of a workgroup, all of them, into
 * those of what came before each and itself (Sklansky 1960). `join` gives the
 * text for a value `a` that comes before `b`. Control flow must be uniform.
 */
export function prefixes(
  text: ShaderText,
  size: number,
  { name, type }: Carried,
  join: (a: string, b: string) => string,
): Agreement {
  const statements: string[] = [], shared = `${name}_shared`;
  for (let step = 1; step < size; step *= 2) {
    // The end of the block before the thread's own, which is the upper half of a larger one.
    const source = `(local & ${(size - 1) & ~(2 * step - 1)}u) + ${step - 1}u`;
    const take = [`if ((local & ${step}u) != 0u) { ${name} = ${join(`${name}_before`, name)}; }`];
    if (2 * step <= text.subgroup) {
      text.useSubgroups();
      statements.push(
        "{",
        `  let ${name}_before = subgroupShuffle(${name}, own - (local - (${source})));`,
        ...indent(take),
        "}",
      );
    } else {
      statements.push(
        `${shared}[local] = ${name};`,
        "workgroupBarrier();",
        "{",
        `  let ${name}_before = ${shared}[${source}];`,
        ...indent(take),
        "}",
        "workgroupBarrier();",
      );
    }
  }
  return { declarations: [`var<workgroup> ${shared}: array<${type}, ${size}>;`], statements };
}

/** Parameters of an entry point for {@linkcode prefixes}. */
export function ownNumber(text: ShaderText): string[] {
  return text.subgroup > 1 ? ["@builtin(subgroup_invocation_id) own: u32"] : [];
}
