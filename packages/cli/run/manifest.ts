/** `manifest.json` in the folder of a run: with what it was made, and what came out. */
import { join } from "@std/path";
import { fileErrors, isDiskFull, isNotFound, writeAtomically } from "@troodon/io";
import {
  type BestScore,
  type EndEvent,
  type EpochEvent,
  type FitObserver,
  MANIFEST_FILE,
} from "@troodon/troodon";
import { readText } from "../flags/read_text.ts";
import type { DataDigest } from "../images/data_digest.ts";

/** Status of a run; `running` also if its process was killed. */
export const STATUSES = ["running", "finished", "interrupted", "failed"] as const;

/** Origin of a run: flags, data, versions and device. */
export interface RunOrigin {
  /** Flags of the command, those of the place of the run aside. */
  readonly flags: readonly string[];
  readonly dataset: string;
  /** The files of the data; null where they are drawn. */
  readonly data: DataDigest | null;
  readonly seed: number;
  /** Versions of Troodon, Deno and V8, and the system. */
  readonly versions: Readonly<Record<string, string>>;
  /** The device, with the name of the adapter of a GPU. */
  readonly device: string;
  /** The commit of the repository that the command was called in. */
  readonly commit: string | null;
}

/** Results of a run. */
export interface RunResults {
  readonly epochs: number;
  readonly step: number;
  /** Loss of the last epoch. */
  readonly loss: number | null;
  /** Scores of the last epoch. */
  readonly scores: Readonly<Record<string, number>>;
  readonly best: BestScore | null;
}

/** The contents of `manifest.json`. */
export interface Manifest extends RunOrigin {
  readonly status: typeof STATUSES[number];
  readonly started: string;
  /** Null while it is running, and where its process was killed. */
  readonly ended: string | null;
  /** Each time that the run went on, with what was different from before. */
  readonly resumed: readonly {
    readonly at: string;
    readonly step: number;
    readonly differs: readonly string[];
  }[];
  readonly results: RunResults | null;
}

/** The parts of a manifest that must be texts, and those that may be null as well. */
const TEXTS = ["started", "dataset", "device"] as const, NULLABLE = ["ended", "commit"] as const;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";

/** Returns what a manifest must have and has not; null if all is there. */
function faultOf(value: Readonly<Record<string, unknown>>): string | null {
  const { status, flags, versions, data, resumed, seed, results } = value;
  for (const name of TEXTS) if (!isText(value[name])) return `"${name}", a text`;
  for (const name of NULLABLE) {
    if (value[name] !== null && !isText(value[name])) return `"${name}", a text or null`;
  }
  if (!STATUSES.some((one) => one === status)) return `"status", one of ${STATUSES.join(", ")}`;
  if (!Array.isArray(flags) || !flags.every(isText)) return '"flags", a list of texts';
  if (!isRecord(versions) || !Object.values(versions).every(isText)) return '"versions", texts by name';
  if (!Number.isSafeInteger(seed)) return '"seed", a whole number';
  const isDigest = isRecord(data) && isText(data["root"]) && isText(data["sha256"]);
  if (data !== null && !isDigest) return '"data", a root and a sha256, or null';
  const isResumption = (one: unknown): boolean =>
    isRecord(one) && isText(one["at"]) && Number.isSafeInteger(one["step"]) &&
    Array.isArray(one["differs"]) &&
    one["differs"].every(isText);
  if (!Array.isArray(resumed) || !resumed.every(isResumption)) return '"resumed", a list of resumptions';
  return results === null || isRecord(results) ? null : '"results", a record or null';
}

/**
 * The manifest of the run in `path`.
 *
 * @throws {Deno.errors.NotFound} If there is none.
 * @throws {TypeError} If it is damaged; the message says what it must have. Likewise a SyntaxError.
 */
export async function readManifest(path: string): Promise<Manifest> {
  const file = join(path, MANIFEST_FILE),
    text = await readText(file).catch((error) => {
      if (!isNotFound(error)) throw error;
      throw new (fileErrors().NotFound)(
        `Cannot read the manifest of the run ${path} as it has no ${MANIFEST_FILE}`,
      );
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SyntaxError(`Cannot read ${file} as it must hold a JSON object`);
  }
  const fault = isRecord(value) ? faultOf(value) : "a JSON object";
  if (fault !== null) throw new TypeError(`Cannot read ${file} as it must have ${fault}`);
  return value as unknown as Manifest;
}

/** The differences of two origins of which results may depend, in words: `Deno 2.9.5, now 2.9.6`. */
export function differences(before: RunOrigin, now: RunOrigin): string[] {
  const parts = ({ versions, device, data, dataset, commit, flags }: RunOrigin): Map<string, string> =>
    new Map([
      ...Object.entries(versions),
      ["device", device],
      ["data", data === null ? `${dataset}, drawn` : `SHA-256 ${data.sha256.slice(0, 12)}`],
      ["commit", commit?.slice(0, 12) ?? "none"],
      ["flags", flags.join(" ") || "none"],
    ]);
  const old = parts(before), other = parts(now);
  return [...new Set([...old.keys(), ...other.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name) ?? "none", other.get(name) ?? "none"];
    return was === is ? [] : [`${name} ${was}, now ${is}`];
  });
}

/** Writes the manifest of a run: when it begins, and when it ends. */
export class RunRecord {
  readonly #path: string;
  readonly #log: ((line: string) => void) | null;
  #manifest: Manifest;

  private constructor(path: string, manifest: Manifest, log: ((line: string) => void) | null) {
    this.#path = path;
    this.#manifest = manifest;
    this.#log = log;
  }

  /**
   * Writes the manifest of a run that begins, or goes on after `step`.
   *
   * @param log Receives a line where the disk is full, which ends the run if it is null.
   */
  static async begin(
    path: string,
    origin: RunOrigin,
    step: number,
    log: ((line: string) => void) | null,
  ): Promise<RunRecord> {
    const at = new Date().toISOString(),
      before = step > 0 ? await readManifest(path).catch(() => null) : null;
    const record = new RunRecord(path, {
      status: "running",
      started: before?.started ?? at,
      ended: null,
      ...origin,
      resumed: before === null
        ? step > 0 ? [{ at, step, differs: [] }] : []
        : [...before.resumed, { at, step, differs: differences(before, origin) }],
      results: before?.results ?? null,
    }, log);
    await record.#write();
    return record;
  }

  /** Collects the results of the run. */
  readonly observer: FitObserver = {
    onEpoch: (event) => this.#onEpoch(event),
    onEnd: (event) => this.#onEnd(event),
  };

  /** Epochs that are done. */
  get epochs(): number {
    return this.#manifest.results?.epochs ?? 0;
  }

  #onEpoch({ epoch, step, loss, scores }: EpochEvent): void {
    const { results } = this.#manifest;
    this.#manifest = {
      ...this.#manifest,
      results: { best: results?.best ?? null, epochs: epoch, step, loss, scores },
    };
  }

  #onEnd({ step }: EndEvent): void {
    const none = { epochs: 0, loss: null, scores: {}, best: null };
    this.#manifest = { ...this.#manifest, results: { ...(this.#manifest.results ?? none), step } };
  }

  /** Writes how the run ended. */
  async end(status: Manifest["status"], best: BestScore | null): Promise<void> {
    const { results } = this.#manifest;
    const ended = new Date().toISOString();
    this.#manifest = { ...this.#manifest, status, ended, results: results && { ...results, best } };
    await this.#write();
  }

  async #write(): Promise<void> {
    const text = `${JSON.stringify(this.#manifest, null, 2)}\n`;
    try {
      await writeAtomically(join(this.#path, MANIFEST_FILE), new TextEncoder().encode(text));
    } catch (error) {
      if (this.#log === null || !isDiskFull(error)) throw error;
      this.#log((error as Error).message);
    }
  }
}
