/** Files with a row for each event of a run. */
import { checkCall } from "@troodon/core/kernel";
import { isNotFound, runtimeFiles, writeAtomically } from "@troodon/io";
import type { EndEvent, EpochEvent, FitObserver, StartEvent } from "../observer.ts";
import { learningRates } from "./learning_rates.ts";

/** A row of metrics by name; `step` and `epoch` are always among them. */
export type MetricsRow = Readonly<Record<string, number>>;

/**
 * Observer of {@linkcode fit} that keeps rows of metrics in a file: a row for each epoch, with its loss, duration, learning
 * rates and scores. The file is written anew after each epoch and never half there. A run that goes on keeps the rows of the
 * steps that were done; one from the beginning starts a new file.
 */
export abstract class RowLogger implements FitObserver {
  /** The path of the file. */
  readonly path: string;
  #rows: MetricsRow[] = [];
  #optimizer: StartEvent["optimizer"] | null = null;

  /** Writes to the file `path`, whose folder must be there. */
  constructor(path: string) {
    checkCall(new.target.name, arguments, "t");
    this.path = path;
  }

  /** The text of the file with the given rows. */
  protected abstract format(rows: readonly MetricsRow[]): string;

  /** The rows of a file that {@linkcode RowLogger.format} wrote. */
  protected abstract parse(text: string): readonly unknown[];

  /**
   * Takes up the rows of a run that goes on.
   *
   * @throws {SyntaxError} If the file has something other than rows of numbers.
   */
  async onStart({ step, optimizer }: StartEvent): Promise<void> {
    this.#optimizer = optimizer;
    this.#rows = step === 0 ? [] : (await this.#read()).filter((row) => row["step"]! <= step);
  }

  /** Adds a row for the epoch, and writes the file. */
  async onEpoch({ epoch, step, loss, seconds, scores }: EpochEvent): Promise<void> {
    this.add({ epoch, step, loss, seconds, ...this.rates(), ...scores });
    await this.#write();
  }

  /** Writes the file. */
  async onEnd(_event: EndEvent): Promise<void> {
    await this.#write();
  }

  /** Adds a row, which is in the file after the epoch. */
  protected add(row: MetricsRow): void {
    this.#rows.push(row);
  }

  /** The learning rates, by name. */
  protected rates(): Readonly<Record<string, number>> {
    return this.#optimizer === null ? {} : Object.fromEntries(learningRates(this.#optimizer));
  }

  async #read(): Promise<readonly MetricsRow[]> {
    const bytes = await runtimeFiles().read(this.path).catch((error) => {
      if (isNotFound(error)) return new Uint8Array();
      throw error;
    });
    const rows = this.#parsed(new TextDecoder().decode(bytes));
    if (rows?.every(isRow)) return rows;
    throw new SyntaxError(`Cannot go on with ${this.path} as each row must have numbers by name, and a step`);
  }

  #parsed(text: string): readonly unknown[] | null {
    try {
      return this.parse(text);
    } catch {
      return null;
    }
  }

  async #write(): Promise<void> {
    await writeAtomically(this.path, new TextEncoder().encode(this.format(this.#rows)));
  }
}

function isRow(row: unknown): row is MetricsRow {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return false;
  return Object.values(row).every((value) => typeof value === "number") &&
    Number.isInteger((row as Readonly<Record<string, number>>)["step"]);
}
