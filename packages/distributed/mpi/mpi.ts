/** Collectives of MPI on bytes. */
import type { ReducedType } from "../on_host.ts";
import type { MpiOp } from "./family.ts";
import type { MpiLibrary, MpiSymbols } from "./library.ts";

/** Threads of this process may call MPI one at a time. */
const SERIALIZED = 2, MULTIPLE = 3;

type Result = number | Promise<number>;

/** Bytes of an element of each type that MPI reduces. */
const BYTES: Readonly<Record<ReducedType, number>> = { float32: 4, float64: 8, int32: 4, int64: 8, uint8: 1 };

/** An MPI job, as this process sees it. Functions run on this thread, or on another one if `elsewhere`. */
export class Mpi {
  readonly rank: number;
  readonly size: number;
  /** Name and version of the library. */
  readonly version: string;
  /** True if collectives may run on other threads of this process. */
  readonly mayRunElsewhere: boolean;
  readonly #symbols: MpiSymbols;
  readonly #handles: MpiLibrary["handles"];
  readonly #most: number;

  /**
   * Joins the job; `most` is the largest count of elements in one call of the library.
   *
   * @throws {TypeError} If the library refuses.
   */
  constructor({ symbols, handles, path }: MpiLibrary, most: number = 2 ** 30) {
    this.#symbols = symbols;
    this.#handles = handles;
    this.#most = most;
    const word = new Int32Array(1);
    this.#check("initialize", symbols.MPI_Initialized(word));
    if (word[0] !== 0) throw new TypeError(`Cannot join the job as "${path}" has been initialized already`);
    this.#check("initialize", symbols.MPI_Init_thread(null, null, MULTIPLE, word));
    this.mayRunElsewhere = word[0]! >= SERIALIZED;
    // Let the library return errors: its own handler would end the process without our message.
    symbols.MPI_Comm_set_errhandler(handles.world, handles.errorsReturn);
    this.#check("ask for the rank", symbols.MPI_Comm_rank(handles.world, word));
    this.rank = word[0]!;
    this.#check("ask for the size", symbols.MPI_Comm_size(handles.world, word));
    this.size = word[0]!;
    const text = new Uint8Array(8192);
    symbols.MPI_Get_library_version(text, word);
    this.version = /^(Open MPI v[\d.]+|MPICH Version:\s*[\d.]+|[^\n,]{1,60})/.exec(
      new TextDecoder().decode(text.subarray(0, word[0])),
    )![0].replace(/\s+/g, " ");
  }

  /** Reduces elements over all processes, in place. */
  async allReduce(bytes: Uint8Array, type: ReducedType, op: MpiOp, elsewhere: boolean): Promise<void> {
    const { inPlace, types, ops, world } = this.#handles,
      { MPI_Allreduce, allReduceElsewhere } = this.#symbols;
    for (const [part, count] of this.#cut(bytes, BYTES[type])) {
      const call = elsewhere ? allReduceElsewhere : MPI_Allreduce;
      await this.#done(
        call(inPlace, part, count, types[type], ops[op], world),
      );
    }
  }

  /** Sends the bytes of process `root` to all. */
  async broadcast(bytes: Uint8Array, root: number, elsewhere: boolean): Promise<void> {
    const { bytes: type, world } = this.#handles, { MPI_Bcast, broadcastElsewhere } = this.#symbols;
    for (const [part, count] of this.#cut(bytes, 1)) {
      await this.#done(
        (elsewhere ? broadcastElsewhere : MPI_Bcast)(part, count, type, root, world),
      );
    }
  }

  /** Gathers the bytes of all processes by rank. */
  async allGather(all: Uint8Array, own: Uint8Array, elsewhere: boolean): Promise<void> {
    if (own.length > this.#most) {
      all.set(own, this.rank * own.length);
      for (let root = 0; root < this.size; root++) {
        await this.broadcast(all.subarray(root * own.length, (root + 1) * own.length), root, elsewhere);
      }
      return;
    }
    const { bytes, world } = this.#handles, { MPI_Allgather, allGatherElsewhere } = this.#symbols;
    const type = bytes, count = own.length;
    const call = elsewhere ? allGatherElsewhere : MPI_Allgather;
    await this.#done(
      call(own as BufferSource, count, type, all as BufferSource, count, type, world),
    );
  }

  /** Reduces elements over all processes; `own` receives this rank's part of the result. `all` may change. */
  async reduceScatter(
    own: Uint8Array,
    all: Uint8Array,
    type: ReducedType,
    op: MpiOp,
    elsewhere: boolean,
  ): Promise<void> {
    const count = own.length / BYTES[type];
    if (count > this.#most) {
      await this.allReduce(all, type, op, elsewhere);
      own.set(all.subarray(this.rank * own.length, (this.rank + 1) * own.length));
      return;
    }
    const { types, ops, world } = this.#handles;
    const call = elsewhere ? this.#symbols.reduceScatterElsewhere : this.#symbols.MPI_Reduce_scatter_block;
    await this.#done(
      call(
        all as BufferSource,
        own as BufferSource,
        count,
        types[type],
        ops[op],
        world,
      ),
    );
  }

  /** Waits for all processes. */
  async barrier(elsewhere: boolean): Promise<void> {
    const { MPI_Barrier, barrierElsewhere } = this.#symbols;
    await this.#done((elsewhere ? barrierElsewhere : MPI_Barrier)(this.#handles.world));
  }

  /** Ends all processes of the job with a code. */
  abort(code: number): void {
    this.#symbols.MPI_Abort(this.#handles.world, code);
  }

  /** Leaves the job. */
  finalize(): void {
    this.#check("leave the job", this.#symbols.MPI_Finalize());
  }

  /** Cuts bytes into parts that fit one call, with their element counts. */
  *#cut(bytes: Uint8Array, size: number): Iterable<readonly [part: BufferSource, count: number]> {
    const step = this.#most * size;
    for (let start = 0; start < bytes.length; start += step) {
      const part = bytes.subarray(start, start + step);
      yield [part as BufferSource, part.length / size];
    }
  }

  async #done(result: Result): Promise<void> {
    const code = typeof result === "number" ? result : await result;
    if (code !== 0) throw new TypeError(this.#message(code));
  }

  #check(action: string, code: number): void {
    if (code !== 0) throw new TypeError(`Cannot ${action} as MPI reports: ${this.#message(code)}`);
  }

  #message(code: number): string {
    const text = new Uint8Array(1024), length = new Int32Array(1);
    this.#symbols.MPI_Error_string(code, text, length);
    return new TextDecoder().decode(text.subarray(0, length[0]));
  }
}
