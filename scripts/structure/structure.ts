/** What the sources say of the structure of the project: rooms, caches of plans, launches, temporaries, circles of imports. */
import { isTest, packageOf } from "../check_layers.ts";
import { type Token, tokensOf } from "../tokens.ts";
import { findCircles } from "./circles.ts";
import { findPattern, type Pattern, TEXT } from "./patterns.ts";
import { arrowsBack, modulesOf, roomsOf, WINGS } from "./rooms.ts";

/** Where something was found: a module, and in how many places. */
export interface Place {
  /** The path of the module from the root of the project. */
  readonly path: string;
  /** In how many places of it. */
  readonly count: number;
}

/** What was found, by its name. */
export type Findings = Readonly<Record<string, readonly Place[]>>;

/** What {@linkcode structureOf} counts. */
export interface Structure {
  /** Modules and folders in each folder, the largest first. */
  readonly folders: readonly { readonly path: string; readonly entries: number }[];
  /** Modules of each folder of a package besides tests, the largest first. */
  readonly modules: readonly { readonly path: string; readonly modules: number }[];
  /** Of each wing: how many rooms it has, how many arrows there are between them, and which of these lead back. */
  readonly wings: Readonly<
    Record<string, { readonly rooms: number; readonly arrows: number; readonly back: readonly string[] }>
  >;
  /** Of each backend: what answers "has this call been seen?", and where it is. */
  readonly planCaches: Readonly<Record<string, Findings>>;
  /** Where code outside of backends launches, writes and reads by itself. */
  readonly doors: Findings;
  /** How library code frees temporaries. */
  readonly temporaries: Findings;
  /** Circles of imports in each package, of values and of types. */
  readonly circles: Readonly<
    Record<"values" | "types", Readonly<Record<string, readonly (readonly string[])[]>>>
  >;
}

/** Keys of plans that a kernel joins by hand. */
export const TEXT_KEYS = "a key of text";

/** Packages that hold a backend. */
export const BACKENDS = ["cpu", "webgpu"] as const;

/**
 * What keeps plans of calls: classes that cache plans, fields that hold a cache of them, maps by what a call brings with it,
 * and keys joined by hand. Compiled code is no plan: `context.instance(key, build)` is not among them.
 */
const PLAN_CACHES: Readonly<Record<string, readonly Pattern[]>> = {
  "a cache of plans": [["class", /^Plan\w*Cache$/], [":", /Cache$/, "<", /Plan$/]],
  "a map by calls": [[/^(Weak)?Map$/, "<", /^(\w*Context|\w*Tasks|Body|\w*Call|\w*Launch)$/]],
  [TEXT_KEYS]: [[".", "plan", "(", TEXT], [".", "plan", "(", "key", ","]],
};

const DOORS: Readonly<Record<string, readonly Pattern[]>> = {
  launch: [[/^(device|backend)$/, ".", /^launch(All)?$/, "("]],
  write: [["backend", ".", "write", "("]],
  read: [["backend", ".", /^read(Sync)?$/, "("]],
};

const TEMPORARIES: Readonly<Record<string, readonly Pattern[]>> = {
  tidySync: [["tidySync", "("]],
  tidy: [["tidy", "("]],
  using: [["using", /^[\w$]+$/, "="]],
  // What a function returns to whoever is to undo it is no temporary.
  DisposableStack: [["using", /^[\w$]+$/, "=", "new", "DisposableStack"], [":", "DisposableStack"]],
  steps: [["steps", "("]],
  "dispose()": [[".", "dispose", "(", ")"]],
};

/** What `using` may hold beside a tensor that is in the way: modes, scopes, listeners, files, whole devices. */
const NO_TEMPORARY = /^(new|await|noGrad|enableGrad|no|this|manual\w*|set\w*|with\w*)$/;
const NO_TEMPORARY_CALL = /^(noGrad|enableGrad|listen|applied|open|create|suspend\w*|lock\w*)$/;

/** Packages whose temporaries are counted, by the row of the layers: backends have none. */
const WITH_TEMPORARIES = ["core", "autograd", "datasets", "serialization", "nn", "optim", "train"];

const isSupport = (path: string): boolean => isTest(path) || /test_support\.ts$|\/bench\//.test(path);

/** Whether the `using` at token `at` holds a tensor, as far as its first names tell. */
function holdsTensor(tokens: readonly Token[], at: number): boolean {
  const name = tokens[at + 1], first = tokens[at + 3];
  // What has no name is not read: a mode or a scope.
  if (name?.text.startsWith("_") || first === undefined || NO_TEMPORARY.test(first.text)) return false;
  for (let i = at + 3; i < tokens.length && tokens[i]!.text !== "("; i++) {
    if (NO_TEMPORARY_CALL.test(tokens[i]!.text)) return false;
  }
  return true;
}

/** Whether the word at `at` is a call, and neither a declaration nor a method of that name. */
const isCall = (tokens: readonly Token[], at: number): boolean =>
  ![".", "function"].includes(tokens[at - 1]?.text ?? "");

function countTemporary(tokens: readonly Token[], name: string, at: number): boolean {
  if (name === "using") return holdsTensor(tokens, at);
  return name === "dispose()" || name === "DisposableStack" || isCall(tokens, at);
}

function find(
  modules: ReadonlyMap<string, readonly Token[]>,
  patterns: Readonly<Record<string, readonly Pattern[]>>,
  counts: (tokens: readonly Token[], name: string, at: number) => boolean = () => true,
): Findings {
  const found: Record<string, Place[]> = {};
  for (const [name, alternatives] of Object.entries(patterns)) {
    const places = [...modules].map(([path, tokens]) => {
      const all = alternatives.flatMap((pattern) => findPattern(tokens, pattern));
      return { path, count: all.filter((at) => counts(tokens, name, at)).length };
    });
    found[name] = places.filter(({ count }) => count > 0);
  }
  return found;
}

function foldersOf(paths: Iterable<string>): Structure["folders"] {
  const entries = new Map<string, Set<string>>();
  for (const path of paths) {
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth++) {
      entries.getOrInsertComputed(parts.slice(0, depth).join("/"), () => new Set()).add(parts[depth]!);
    }
  }
  return [...entries].map(([path, names]) => ({ path, entries: names.size }))
    .sort((a, b) => b.entries - a.entries || (a.path < b.path ? -1 : 1));
}

function circlesOf(files: ReadonlyMap<string, string>, kind: "value" | "type"): Record<string, string[][]> {
  const own = new Map([...files].filter(([path]) => packageOf(path) !== undefined && !isTest(path)));
  return Object.groupBy(findCircles(own, kind), ([path]) => packageOf(path!)!) as Record<string, string[][]>;
}

/** Counts what {@linkcode Structure} has of modules, given by their paths from the root of the project and their texts. */
export function structureOf(files: ReadonlyMap<string, string>): Structure {
  const library = [...files].filter(([path]) => packageOf(path) !== undefined && !isSupport(path));
  const tokens = library.map(([path, source]) => [path, tokensOf(source)] as const);
  const within = (...packages: readonly string[]) =>
    new Map(tokens.filter(([path]) => packages.includes(packageOf(path)!)));
  const outside = new Map(
    tokens.filter(([path]) =>
      ![...BACKENDS, "testing"].includes(packageOf(path)!) && !path.startsWith("packages/core/reference/") &&
      path !== "packages/core/device.ts"
    ),
  );
  return {
    folders: foldersOf(files.keys()),
    modules: modulesOf(files.keys()),
    wings: Object.fromEntries(WINGS.map((wing) => {
      const rooms = roomsOf(files, wing);
      const arrows = rooms.values().reduce((sum, { size }) => sum + size, 0);
      return [wing, { rooms: rooms.size, arrows, back: arrowsBack(rooms) }];
    })),
    planCaches: Object.fromEntries(BACKENDS.map((name) => [name, find(within(name), PLAN_CACHES)])),
    doors: find(outside, DOORS),
    temporaries: find(within(...WITH_TEMPORARIES), TEMPORARIES, countTemporary),
    circles: { values: circlesOf(files, "value"), types: circlesOf(files, "type") },
  };
}

/** How many places there are, in modules whose path begins with one of `prefixes`; in all without any. */
export function countOf(places: readonly Place[], ...prefixes: readonly string[]): number {
  const wanted = places.filter(({ path }) =>
    prefixes.length === 0 || prefixes.some((prefix) => path.startsWith(prefix))
  );
  return wanted.reduce((sum, { count }) => sum + count, 0);
}
