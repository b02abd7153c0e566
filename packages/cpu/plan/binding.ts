/** Plans bound to memory. */
import type { Body, RandomState } from "@troodon/core";
import { same } from "./same.ts";
import type { CpuBuffer, CpuMemory } from "../memory.ts";
import { type Call, invoke, perform, type Repeat, type Task, TaskList } from "../threads/task.ts";
import { addressOf, type CpuView } from "../view.ts";
import { type Argument, grown, OPERANDS, SCRATCH, TABLE } from "./address.ts";
import type { Check, Plan } from "./plan.ts";

/** The backend services that a binding runs on. */
export interface BindingHost {
  /** Threads that share the tasks. */
  readonly threads: { readonly count: number };
  /** Address of bytes that last until the launch ends. */
  scratch(bytes: number): number;
  /** Runs tasks that take so many nanoseconds on one thread; returns the results of all calls by bitwise or. */
  runList(list: TaskList, nanoseconds: number): number;
}

/** The numbers of a call that change from launch to launch. */
export interface CallNumbers {
  readonly scalars: readonly number[];
  readonly random?: RandomState;
}

/** Places in a table that hold numbers of calls. */
export type NumberPlaces = Pick<Plan, "scalars" | "randoms">;

/** Maximum number of calls of a step that are kept one by one, as each takes memory. */
const UNROLLED = 64;

/** Arguments that follow the base of a slot. */
interface Arguments {
  readonly args: number[][];
  /** Which of the arguments of these calls, and by how much each differs from the base. */
  readonly places: number[];
  readonly offsets: number[];
  /** The lists that hold the calls. */
  readonly lists: Set<TaskList>;
}

interface BoundStep {
  readonly list: TaskList;
  readonly nanoseconds: number;
  /** All calls in order, if there are few. */
  readonly calls: readonly Call[] | null;
  /** True if there is a single task, which always runs on one thread. */
  readonly single: boolean;
  readonly check: Check | null;
  readonly exact: Task | null;
}

/** A plan and where its slots begin: it can run. Owns a copy of the plan's table. */
export class Binding {
  readonly #plan: Plan;
  readonly #memory: CpuMemory;
  readonly #table: CpuBuffer | null;
  readonly #bases: number[];
  /** For each slot the words of the table that follow its base: which one, then by how much it differs. */
  readonly #words: (number[] | undefined)[];
  readonly #arguments: (Arguments | undefined)[];
  readonly #steps: readonly BoundStep[];

  /** Binds `plan` to a table in `memory`; all other slots begin at address 0. */
  constructor(plan: Plan, memory: CpuMemory) {
    this.#plan = plan;
    this.#memory = memory;
    this.#bases = new Array<number>(plan.slots).fill(0);
    this.#words = new Array<undefined>(plan.slots).fill(undefined);
    this.#arguments = new Array<undefined>(plan.slots).fill(undefined);
    this.#steps = plan.steps.map(({ tasks, nanoseconds, check }) => {
      const bound: Task[] = [], list = new TaskList(bound);
      for (const task of tasks) bound.push(this.#bind(task, list));
      const calls = this.#unrolled(tasks, bound, list), single = bound.length === 1;
      return {
        list,
        nanoseconds,
        calls,
        single,
        check,
        exact: check?.exact ? this.#bind(check.exact, list) : null,
      };
    });
    const { table, pointers } = plan;
    this.#table = table.length === 0 ? null : memory.allocate(4 * table.length);
    if (this.#table === null) return;
    const words = memory.i32, first = this.#table.pointer / 4;
    words.set(table, first);
    for (const { word, address: { slot, offset } } of pointers) {
      words[first + word] = offset;
      const followers = this.#words[slot];
      if (followers === undefined) this.#words[slot] = [word, offset];
      else followers.push(word, offset);
    }
    this.move(TABLE, this.#table.pointer);
  }

  /** Moves as many operands as there are to where they begin now. */
  moveOperands(bases: readonly number[]): void {
    const known = this.#bases, count = known.length - OPERANDS;
    for (let i = 0; i < count; i++) {
      if (known[OPERANDS + i] !== bases[i]) this.move(OPERANDS + i, bases[i]!);
    }
  }

  /** Moves the slots from `first` on to where views begin. */
  moveViews(views: readonly CpuView[], first: number): void {
    const bases = this.#bases;
    for (let i = 0; i < views.length; i++) {
      const base = addressOf(views[i]!);
      if (bases[first + i] !== base) this.move(first + i, base);
    }
  }

  /** Moves a slot to where it begins now. */
  move(slot: number, base: number): void {
    if (this.#bases[slot] === base) return;
    this.#bases[slot] = base;
    const words = this.#words[slot], followers = this.#arguments[slot];
    if (words !== undefined) {
      const memory = this.#memory.i32, first = this.#bases[TABLE]! / 4;
      for (let i = 0; i < words.length; i += 2) memory[first + words[i]!] = base + words[i + 1]!;
    }
    if (followers === undefined) return;
    const { args, places, offsets, lists } = followers;
    for (let i = 0; i < args.length; i++) args[i]![places[i]!] = base + offsets[i]!;
    for (const list of lists) list.written = undefined;
  }

  /** Sets scalars and random states of launched calls, at all places of the plan or at `places`. */
  set(launches: readonly { readonly call: CallNumbers }[], places: NumberPlaces = this.#plan): void {
    const { scalars, randoms } = places, table = this.#bases[TABLE]!;
    if (scalars.length > 0) {
      const numbers = this.#memory.f64, start = table / 8;
      let known: Body | null = null, given: readonly number[] = [], values = given;
      for (let i = 0; i < scalars.length; i++) {
        const { call, body, first } = scalars[i]!, now = launches[call]!.call.scalars;
        // Calls of a list often share both.
        if (body !== known || !same(now, given)) {
          known = body;
          given = now;
          values = body.hostScalars(now);
        }
        for (let v = 0; v < values.length; v++) numbers[start + first + v] = values[v]!;
      }
    }
    for (let i = 0; i < randoms.length; i++) {
      const { call, word } = randoms[i]!, { random } = launches[call]!.call, at = table / 4 + word;
      if (random === undefined) {
        throw new TypeError("Cannot run a map that draws random numbers as its call has no random state");
      }
      const words = this.#memory.i32;
      words[at] = random.seed[0];
      words[at + 1] = random.seed[1];
      words[at + 2] = random.offset[0];
      words[at + 3] = random.offset[1];
    }
  }

  /** Runs all steps; an error if a check of one fails. */
  run(host: BindingHost): void {
    const { scratchBytes } = this.#plan, steps = this.#steps, alone = host.threads.count === 1;
    if (scratchBytes > 0) this.move(SCRATCH, host.scratch(scratchBytes));
    for (let i = 0; i < steps.length; i++) {
      const { calls, single, list, nanoseconds, check, exact } = steps[i]!;
      let result = 0;
      if (calls !== null && (single || alone)) {
        for (let c = 0; c < calls.length; c++) result |= invoke(calls[c]!);
      } else result = host.runList(list, nanoseconds);
      if (check !== null && result !== 0) {
        throw check.error(this.#memory, exact === null ? result : perform(exact));
      }
    }
  }

  /** Releases the table. */
  release(): void {
    if (this.#table !== null) this.#memory.release(this.#table);
  }

  /** A copy of a task whose arguments are numbers. */
  #bind(task: Task<Argument>, list: TaskList): Task {
    return task.map((item) =>
      "fn" in item
        ? this.#bindCall(item, list)
        : { ...item, calls: item.calls.map((call) => this.#bindCall(call, list)) }
    );
  }

  #bindCall({ fn, args }: Call<Argument>, list: TaskList): Call {
    const numbers: number[] = [];
    args.forEach((value, place) => {
      numbers.push(typeof value === "number" ? value : value.offset);
      if (typeof value === "number") return;
      const followers = this.#arguments[value.slot] ??= {
        args: [],
        places: [],
        offsets: [],
        lists: new Set(),
      };
      followers.args.push(numbers);
      followers.places.push(place);
      followers.offsets.push(value.offset);
      followers.lists.add(list);
    });
    return { fn, args: numbers };
  }

  /** All calls of tasks in order, with the calls of `bound` where they are made once; null if there are many. */
  #unrolled(tasks: readonly Task<Argument>[], bound: readonly Task[], list: TaskList): Call[] | null {
    const items = tasks.flat();
    const count = items.reduce((sum, item) => sum + ("fn" in item ? 1 : item.times * item.calls.length), 0);
    if (count > UNROLLED) return null;
    return bound.flat().flatMap((item, i) => {
      if ("fn" in item) return [item];
      const { times, calls, steps } = items[i] as Repeat<Argument>;
      return Array.from({ length: times }, (_, n) =>
        calls.map(({ fn, args }, c) => {
          const moved = args.map((value, a) => grown(value, n * steps[c]![a]!));
          return this.#bindCall({ fn, args: moved }, list);
        })).flat();
    });
  }
}
