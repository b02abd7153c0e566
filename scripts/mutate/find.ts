/** All changes that may be made to modules, and a choice among them. */
import { Generator } from "@troodon/core";
import { type Kind, KINDS, type Mutant } from "./mutant.ts";
import type { Change } from "./operators.ts";

interface LintReport {
  readonly errors: readonly { readonly message: string }[];
  readonly diagnostics: readonly {
    readonly filename: string;
    readonly message: string;
    readonly code: string;
  }[];
}

/**
 * All mutants of modules, in the order of their texts.
 *
 * @param root The root of a copy of the project.
 * @param paths Modules, from the root.
 */
export async function findMutants(root: string, paths: readonly string[]): Promise<Mutant[]> {
  const config = `${root}/mutate_lint.json`;
  const plugin = new URL("./plugin.ts", import.meta.url).href;
  await Deno.writeTextFile(
    config,
    JSON.stringify({ lint: { plugins: [plugin], rules: { tags: [], include: ["mutate/changes"] } } }),
  );
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["lint", "--json", "--config", config, ...paths],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(stdout);
  if (text === "") throw new TypeError(`Cannot parse the modules: ${decoder.decode(stderr)}`);
  const { diagnostics, errors: [error] }: LintReport = JSON.parse(text);
  if (error) throw new TypeError(`Cannot parse the modules: ${error.message}`);
  const mutants = diagnostics.filter(({ code }) => code === "mutate/changes").map(
    ({ filename, message }): Mutant => {
      const { kind, range: [start, end], after }: Change = JSON.parse(message);
      const path = decodeURIComponent(new URL(filename).pathname).slice(root.length + 1);
      return { path, kind, start, end, after };
    },
  );
  return mutants.sort((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : a.start - b.start || a.end - b.end
  );
}

/**
 * `count` of the mutants, each at most once: kinds take turns, so that rare ones come as often as frequent ones while there
 * are some. The same seed gives the same mutants of the same sources.
 */
export function chooseMutants(
  mutants: readonly Mutant[],
  { seed, count, kinds = KINDS }: {
    readonly seed: number;
    readonly count: number;
    readonly kinds?: readonly Kind[];
  },
): Mutant[] {
  const generator = new Generator(seed);
  const piles = kinds.map((kind) => {
    const pile = mutants.filter((mutant) => mutant.kind === kind);
    return Array.from(generator.permutation(pile.length), (i) => pile[i]!);
  });
  const chosen: Mutant[] = [];
  while (chosen.length < count && piles.some((pile) => pile.length > 0)) {
    for (const pile of piles) if (pile.length > 0 && chosen.length < count) chosen.push(pile.pop()!);
  }
  return chosen;
}
