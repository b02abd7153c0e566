/** The command line of `deno task bench:peers`. */
import { parseArgs } from "@std/cli";

/** What the command line says. */
export interface Options {
  readonly data: string;
  readonly python: string;
  readonly rounds: number;
  /** Names of sides and of workloads, or their beginnings; none for all. */
  readonly peers: readonly string[];
  readonly workloads: readonly string[];
  readonly limit: number;
  readonly seconds: number;
  readonly patience: number;
  readonly json: string | undefined;
  readonly merge: boolean;
  readonly write: boolean;
}

/** How the program is called. */
export const USAGE = `deno task bench:peers [flags]
  --data DIR         MNIST's files; by default $TROODON_DATA/mnist
  --python PATH      the Python that has PyTorch, JAX and TensorFlow; by default python3
  --rounds N         how often each side is measured, in turns (3); medians are shown; 0 for none
  --peers A,B        only these sides, by the beginning of their names; by default all that are installed
  --workloads A,B    only these workloads, by the beginning of their names
  --limit N          so many images make an epoch (60000)
  --seconds S        how long a kernel is called in a round (0.3)
  --patience S       how long a side may take for its workloads in a round (90)
  --quick            one round, 2000 images, 0.05 seconds
  --json FILE        write the results there
  --merge            keep what stands in that file and is not measured now
  --write            put the tables into bench/README.md`;

/**
 * Reads the command line.
 *
 * @throws {RangeError} If there is a flag it does not know, or a number that is none.
 */
export function parseOptions(args: readonly string[], dataFolder: string | undefined): Options {
  const unknown: string[] = [];
  const flags = parseArgs([...args], {
    string: ["data", "python", "rounds", "peers", "workloads", "limit", "seconds", "patience", "json"],
    boolean: ["quick", "merge", "write"],
    unknown: (arg) => {
      unknown.push(arg);
      return false;
    },
  });
  if (unknown.length > 0) {
    throw new RangeError(
      `Cannot read the command line as every flag must be known: current is ${unknown[0]}`,
    );
  }
  const list = (text: string | undefined): string[] => text?.split(",").filter((name) => name !== "") ?? [];
  const data = flags.data ?? (dataFolder === undefined ? "data/mnist" : `${dataFolder}/mnist`);
  if (flags.merge && flags.json === undefined) {
    throw new RangeError("Cannot merge results as --merge must come with --json FILE");
  }
  return {
    data,
    python: flags.python ?? "python3",
    rounds: flags.rounds === "0" ? 0 : positive("rounds", flags.rounds, flags.quick ? 1 : 3),
    peers: list(flags.peers),
    workloads: list(flags.workloads),
    limit: positive("limit", flags.limit, flags.quick ? 2000 : 60000),
    seconds: positive("seconds", flags.seconds, flags.quick ? 0.05 : 0.3),
    patience: positive("patience", flags.patience, 90),
    json: flags.json,
    merge: flags.merge,
    write: flags.write,
  };
}

function positive(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new RangeError(`Cannot read --${name} as it must be a positive number: current value is ${text}`);
}
