/** Entry points of shaders, which number their threads or their workgroups. */

/** An entry point before it is known whether its grid is run as a whole. */
export interface EntryPoint {
  /** Variables that the threads of a workgroup share. */
  readonly shared?: readonly string[];
  /** Threads of a workgroup. */
  readonly threads: number;
  /** The variables of the body: the number `i` of its thread, or `local`, `group` and `groups`, of whose x and y the number is made. */
  readonly numbers: "threads" | "groups";
  /** Further parameters. */
  readonly parameters?: readonly string[];
  /** Statements. */
  readonly body: readonly string[];
}

/** Words by which a part of a grid finds its workgroups. */
export interface PartWords {
  /** The number of its first one. */
  readonly first: string;
  /** The number of workgroups in one layer of the whole grid. */
  readonly layer: string;
  /** The number of layers of the whole grid. */
  readonly layers: string;
}

const LOCAL = "@builtin(local_invocation_index) local: u32";
const GROUP = "@builtin(workgroup_id)", GROUPS = "@builtin(num_workgroups) groups: vec3u";

/** The text of an entry point: for its whole grid, or for the part of it that words tell of. */
export function entryText(
  { shared = [], threads, numbers, parameters = [], body }: EntryPoint,
  part?: PartWords,
): string {
  const [builtins, first] = numbers === "threads" ? ofThreads(threads, part) : ofGroups(part);
  return [
    ...shared,
    `@compute @workgroup_size(${threads})`,
    `fn main(${[...builtins, ...parameters].join(", ")}) {`,
    ...[...first, ...body].map((line) => `  ${line}`),
    "}",
  ].join("\n");
}

type Opening = readonly [builtins: readonly string[], first: readonly string[]];

function ofThreads(threads: number, part: PartWords | undefined): Opening {
  const id = "@builtin(global_invocation_id) id: vec3u";
  return part
    ? [[id], [`let i = id.x + ${part.first} * ${threads}u;`]]
    : [[id, GROUPS], [`let i = id.x + id.y * groups.x * ${threads}u;`]];
}

function ofGroups(part: PartWords | undefined): Opening {
  if (part === undefined) return [[LOCAL, `${GROUP} group: vec3u`, GROUPS], []];
  const { first, layer, layers } = part;
  return [[LOCAL, `${GROUP} own_group: vec3u`], [
    `let group_number = own_group.x + ${first};`,
    `let group = vec3u(group_number % ${layer}, 0u, group_number / ${layer});`,
    `let groups = vec3u(${layer}, 1u, ${layers});`,
  ]];
}
