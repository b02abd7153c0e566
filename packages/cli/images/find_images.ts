/** Sources of the data of the programs. */
import { resolve } from "@std/path";
import { isNotFound, runtimeHost } from "@troodon/io";
import type { DigitDifficulty } from "@troodon/troodon";
import {
  type DatasetName,
  generatedCount,
  type ImageData,
  openImages,
  type OpenOptions,
  type Split,
  type WantedShape,
} from "./image_data.ts";

/** Command-line flags of the data. */
export interface DataOptions {
  readonly dataset: DatasetName | undefined;
  readonly data: string | undefined;
  readonly offline: boolean;
  /** Number of training samples; all by default. Also limits the number of generated digits. */
  readonly limit?: number | undefined;
  /** Difficulty of generated digits; the default is that of training. */
  readonly difficulty?: DigitDifficulty;
  /**
   * Folder of the data in an earlier run: searched first if `data` is not set, and the only place for an image folder.
   */
  readonly before?: string | null;
  /** Shape of the images of a folder; that of MNIST by default. */
  readonly shape?: WantedShape | undefined;
}

/** Data, and where they were. */
export interface FoundImages<S extends Split> {
  readonly dataset: DatasetName;
  /** The path of the folder from the root of the file system; null for generated digits. */
  readonly root: string | null;
  readonly splits: Readonly<Record<S, ImageData>>;
}

async function openAll<S extends Split>(
  dataset: DatasetName,
  splits: readonly S[],
  options: OpenOptions,
): Promise<Readonly<Record<S, ImageData>>> {
  const entries: [S, ImageData][] = [];
  let { shape } = options;
  for (const split of splits) {
    const opened = await openImages(dataset, split, { ...options, shape });
    const { images: { channels } } = opened;
    // All splits have the channels of the first one, and digits have one channel.
    if (shape !== undefined && shape.channels === undefined) {
      shape = { ...shape, channels: channels === 3 ? 3 : 1 };
    }
    entries.push([split, opened]);
  }
  return Object.fromEntries(entries) as Record<S, ImageData>;
}

/** The first of `roots` that has the data, else what the network has. */
async function openRooted<S extends Split>(
  dataset: DatasetName,
  splits: readonly S[],
  roots: readonly string[],
  { offline, shape }: Pick<DataOptions, "offline" | "shape">,
): Promise<FoundImages<S>> {
  for (const root of roots) {
    try {
      return { dataset, root, splits: await openAll(dataset, splits, { root, offline: true, shape }) };
    } catch (error) {
      if (!isNotFound(error) || (offline && root === roots.at(-1))) throw error;
    }
  }
  // The last place is one that may be written to.
  const root = roots.at(-1)!;
  if (dataset !== "image-folder") console.error(`Downloading ${dataset} to ${root}`);
  return { dataset, root, splits: await openAll(dataset, splits, { root, offline, shape }) };
}

/**
 * Opens what was asked for: in `data`, else in `before`, in TROODON_DATA, else in `data/`, else
 * from the network. If nothing was asked for and MNIST is in none of them, digits
 * are generated.
 */
export async function findImages<S extends Split>(
  { dataset, data, offline, limit, difficulty, before = null, shape }: DataOptions,
  splits: readonly S[],
): Promise<FoundImages<S>> {
  const drawn = { limit, ...(difficulty && { difficulty }) };
  if (dataset === "generated") return await generated(splits, drawn);
  const name = dataset ?? "mnist";
  const shared = runtimeHost().variable("TROODON_DATA");
  const usual = [
    ...(before === null ? [] : [before]),
    ...(shared ? [`${shared}/${name}`] : []),
    `data/${name}`,
  ];
  const wanted = data ?? (name === "image-folder" ? before : null);
  const roots = (wanted === null ? usual : [wanted]).map((root) => resolve(root));
  try {
    return await openRooted(name, splits, roots, { offline, shape });
  } catch (error) {
    if (!isNotFound(error) || dataset !== undefined || data !== undefined) throw error;
    console.error(
      [
        "",
        "  MNIST is neither on disk nor reachable: using GENERATED digits, which are no handwriting.",
        `  Looked in ${roots.join(" and ")}${
          offline ? "; --offline forbids downloading" : " and on the network"
        }.`,
        "  Accuracies are those of generated digits and say nothing about MNIST.",
        "",
      ].join("\n"),
    );
    return await generated(splits, drawn);
  }
}

async function generated<S extends Split>(
  splits: readonly S[],
  options: Pick<OpenOptions, "limit" | "difficulty">,
): Promise<FoundImages<S>> {
  const counts = splits.map((split) =>
    `${generatedCount(split, options.limit)} to ${split === "train" ? "learn from" : "test with"}`
  );
  console.error(`Drawing digits: ${counts.join(", ")}`);
  return { dataset: "generated", root: null, splits: await openAll("generated", splits, options) };
}
