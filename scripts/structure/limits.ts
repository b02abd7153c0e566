/** Limits of the structure: what was abolished does not come back. */
import { countOf, type Findings, type Place, type Structure, TEXT_KEYS } from "./structure.ts";

/** What {@linkcode faultsOf} allows. */
export interface Limits {
  /** Modules of a folder of a package, besides tests. */
  readonly modules: number;
  /** Ways in which a backend answers "has this call been seen?". */
  readonly planCaches: number;
  /** Keys of plans that kernels join by hand. */
  readonly textKeys: number;
  /** The modules that launch; all other code launches through them. */
  readonly launchModules: readonly string[];
  /** Places of each idiom for temporaries, and where they count. */
  readonly temporaries: Readonly<
    Record<string, { readonly most: number; readonly packages: readonly string[] }>
  >;
  /** Modules in circles of imports that load each other. */
  readonly valueCircles: number;
  /** Modules in circles of imports of types, by package; packages without an entry are not judged. */
  readonly typeCircles: Readonly<Record<string, number>>;
}

/** The limits of this project. */
export const LIMITS: Limits = {
  modules: 40,
  planCaches: 1,
  textKeys: 0,
  launchModules: [
    "packages/core/tensor/launch.ts",
    "packages/core/tensor/updates.ts",
    "packages/compile/program_loop.ts",
    "packages/compile/program_run.ts",
  ],
  temporaries: {
    tidy: { most: 0, packages: ["core", "nn", "optim"] },
    DisposableStack: { most: 0, packages: ["core", "nn", "optim"] },
    steps: { most: 0, packages: ["core", "nn", "optim"] },
    using: { most: 0, packages: ["core", "nn", "optim"] },
  },
  valueCircles: 0,
  // What is left are the codes of reductions, which emit each other.
  typeCircles: { cpu: 3 },
};

const shown = (places: readonly Place[]): string =>
  places.map(({ path, count }) => count > 1 ? `${path} (${count})` : path).join(", ");

/** How many ways there are: each module that keeps plans is one, keys of text are one together. */
export function countCaches(found: Findings): number {
  const { [TEXT_KEYS]: keys = [], ...others } = found;
  return new Set(Object.values(others).flat().map(({ path }) => path)).size + Math.min(1, keys.length);
}

function planCacheFaults({ planCaches }: Structure, most: number, mostKeys: number): string[] {
  return Object.entries(planCaches).flatMap(([name, found]) => {
    const keys = found[TEXT_KEYS] ?? [];
    if (countOf(keys) > mostKeys) {
      return [`${name} must have at most ${mostKeys} keys of text: current ones are in ${shown(keys)}`];
    }
    if (countCaches(found) <= most) return [];
    const kinds = Object.entries(found).filter(([, places]) => places.length > 0);
    const list = kinds.map(([kind, places]) => `${kind} in ${shown(places)}`).join("; ");
    return [`${name} must have at most ${most} cache of plans: current ones are ${list}`];
  });
}

function launchFaults({ doors }: Structure, allowed: readonly string[]): string[] {
  const others = (doors["launch"] ?? []).filter(({ path }) => !allowed.includes(path));
  if (others.length === 0) return [];
  return [`Only ${allowed.join(" and ")} may launch: current modules that do as well are ${shown(others)}`];
}

function temporaryFaults({ temporaries }: Structure, limits: Limits["temporaries"]): string[] {
  return Object.entries(limits).flatMap(([idiom, { most, packages }]) => {
    const places = (temporaries[idiom] ?? []).filter(({ path }) =>
      packages.some((name) => path.startsWith(`packages/${name}/`))
    );
    if (countOf(places) <= most) return [];
    return [`${idiom} may free temporaries in at most ${most} places: current ones are ${shown(places)}`];
  });
}

function roomFaults({ modules, wings }: Structure, most: number): string[] {
  return [
    ...modules.filter((folder) => folder.modules > most).map(({ path, modules }) =>
      `A folder may have at most ${most} modules: ${path} has ${modules}`
    ),
    ...Object.entries(wings).filter(([, { back }]) => back.length > 0).map(([wing, { back }]) =>
      `Rooms of ${wing} may import in one direction: current arrows back are ${back.join(", ")}`
    ),
  ];
}

function circleFaults({ circles }: Structure, { valueCircles, typeCircles }: Limits): string[] {
  const modules = (found: readonly (readonly string[])[]) =>
    found.reduce((sum, { length }) => sum + length, 0);
  const faults: string[] = [];
  const judge = (what: string, found: readonly (readonly string[])[] = [], most: number) => {
    if (modules(found) <= most) return;
    const list = found.map((circle) => circle.join(" + ")).join("; ");
    faults.push(`At most ${most} modules may be in circles of ${what}: current circles are ${list}`);
  };
  judge("values", Object.values(circles.values).flat(), valueCircles);
  for (const [name, most] of Object.entries(typeCircles)) {
    judge(`types in ${name}`, circles.types[name], most);
  }
  return faults;
}

/** A message for each limit that is exceeded; none where all is well. */
export function faultsOf(structure: Structure, limits: Limits = LIMITS): string[] {
  return [
    ...roomFaults(structure, limits.modules),
    ...planCacheFaults(structure, limits.planCaches, limits.textKeys),
    ...launchFaults(structure, limits.launchModules),
    ...temporaryFaults(structure, limits.temporaries),
    ...circleFaults(structure, limits),
  ];
}
