/** Random programs of blocks that overlap in time, against a model of what is in force and who must be alive. */
import { assert, assertEquals } from "@std/assert";
import {
  Device,
  type Owner,
  ReferenceBackend,
  Scope,
  scoped,
  type Tensor,
  tensor,
  tidy,
  tidySync,
  withDevice,
} from "@troodon/core";
import { flow } from "@troodon/core/kernel";
import { enableGrad, noGrad } from "./mod.ts";
import { type Random, randomOf } from "./support_test.ts";

/** A block as the model sees it. */
interface Block {
  readonly outer: Block | null;
  readonly recording?: boolean;
  readonly device?: Device;
  /** Tensors that are to be freed at its end, where it is a scope. */
  readonly owned?: Set<Tensor>;
  owner?: Owner;
  open: boolean;
  /** Whether its promise has settled, but nobody was told yet: other flows may see it open or closed. */
  closing: boolean;
  /** Whether other flows were started in it. */
  loose: boolean;
  /** Whether it is a block of `using`. */
  readonly using?: boolean;
}

/** Where a flow of the program stands. */
interface Position {
  current: Block;
}

class Stop extends RangeError {}

/** Whether tensors of the scope `block` may be left to the garbage collector when it closes: overlapping flows make their owner ambiguous. */
function mayLeave({ using = false, loose, outer }: Block): boolean {
  return using && (loose || !outer!.open || (outer!.using === true && outer!.loose));
}

class Program {
  readonly #random: Random;
  readonly #devices = [0, 1].map(() => new Device(new ReferenceBackend()));
  readonly #running: Promise<void>[] = [];
  readonly #alive = new Set<Tensor>();
  #budget = 120;
  checks = 0;
  exact = 0;
  readonly failures: unknown[] = [];

  constructor(seed: number) {
    this.#random = randomOf(seed);
  }

  /** Runs to the end of all flows. */
  async run(): Promise<void> {
    const root: Block = {
      outer: null,
      recording: true,
      device: this.#devices[0]!,
      owned: new Set(),
      open: true,
      closing: false,
      loose: true,
    };
    await withDevice(this.#devices[0]!, async () => {
      for (let i = 0; i < 3; i++) this.#start({ current: root });
      // More come while it waits.
      for (let i = 0; i < this.#running.length; i++) await this.#running[i];
    });
    if (this.failures.length > 0) throw this.failures[0];
    for (const t of this.#alive) assertEquals([t.isDisposed, t.scope], [false, null]);
    for (const t of this.#alive) t.dispose();
    assertEquals(flow.currentFlow().scope, null);
    assertEquals(flow.currentFlow().recording, true);
  }

  #start(position: Position): void {
    const own = { current: position.current };
    for (let b: Block | null = own.current; b !== null; b = b.outer) b.loose = true;
    this.#running.push(this.#flow(own));
  }

  async #flow(position: Position): Promise<void> {
    await null;
    try {
      await this.#body(position);
    } catch (error) {
      if (!(error instanceof Stop)) this.failures.push(error);
    }
  }

  async #body(position: Position): Promise<void> {
    for (let steps = 1 + this.#random(6); steps > 0 && this.#budget-- > 0; steps--) {
      switch (this.#random(10)) {
        case 0:
          await null;
          break;
        case 1:
          await new Promise((resolve) => setTimeout(resolve, 0));
          break;
        case 2:
          this.#start(position);
          break;
        case 3:
          await this.#using(position);
          break;
        case 4:
        case 5:
          await this.#exact(position);
          break;
        case 6:
          this.#tidied(position);
          break;
        case 7:
          if (this.#random(4) === 0) throw new Stop();
          break;
        default:
          this.#work(position);
      }
      this.#check(position);
    }
  }

  /** The settings in force by the model. */
  #find<K extends "recording" | "device" | "owned">(position: Position, key: K): Block {
    let block = position.current;
    while (!block.open || block[key] === undefined) block = block.outer!;
    return block;
  }

  #isClear({ current }: Position): boolean {
    for (let b: Block | null = current; b !== null; b = b.outer) if (b.closing) return false;
    return true;
  }

  #check(position: Position): void {
    if (!this.#isClear(position)) return;
    const { recording, device, scope } = flow.currentFlow();
    assertEquals(recording, this.#find(position, "recording").recording);
    assertEquals(device === this.#find(position, "device").device, true);
    assertEquals(scope === (this.#find(position, "owned").owner ?? null), true);
    for (const t of this.#alive) assertEquals(t.isDisposed, false);
    this.checks++;
  }

  /** Makes tensors, and keeps some. */
  #work(position: Position): void {
    if (!this.#isClear(position)) return;
    const t = tensor([1, 2]).add(1), block = this.#find(position, "owned");
    this.#alive.add(t);
    block.owned!.add(t);
    if (block.owner !== undefined && this.#random(3) === 0) this.#keep(block, t);
  }

  #keep(block: Block, t: Tensor): void {
    if (!block.owned!.delete(t)) return;
    let outer = block.outer!;
    while (!outer.open || outer.owned === undefined) outer = outer.outer!;
    outer.owned.add(t);
    block.owner!.keep(t);
  }

  #enter(position: Position, own: Partial<Block>): Block {
    return position.current = {
      outer: position.current,
      open: true,
      closing: false,
      loose: false,
      ...own,
    };
  }

  #leave(position: Position, block: Block): void {
    block.open = false;
    position.current = block.outer!;
    for (const t of block.owned ?? []) this.#alive.delete(t);
  }

  #ended(block: Block): void {
    if (mayLeave(block)) return;
    for (const t of block.owned ?? []) assertEquals(t.isDisposed, true);
    this.exact += block.using ? 1 : 0;
  }

  /** Leaves `block` at the end of a block of `using`, just before it is closed. */
  #leaving(position: Position, block: Block): Disposable {
    return { [Symbol.dispose]: () => this.#leave(position, block) };
  }

  async #using(position: Position): Promise<void> {
    let block!: Block;
    try {
      if (this.#random(2) === 0) {
        using scope = new Scope();
        block = this.#enter(position, { owned: new Set(), owner: scope, using: true });
        using __ = this.#leaving(position, block);
        await this.#body(position);
      } else {
        using _ = this.#random(2) === 0 ? noGrad() : enableGrad();
        block = this.#enter(position, { recording: flow.currentFlow().recording, using: true });
        using __ = this.#leaving(position, block);
        await this.#body(position);
      }
    } finally {
      this.#ended(block);
    }
  }

  async #exact(position: Position): Promise<void> {
    const within = { current: position.current }, kind = this.#random(5);
    let block!: Block;
    const inside = async (own: Partial<Block>): Promise<void> => {
      block = this.#enter(within, own);
      this.#check(within);
      try {
        await this.#body(within);
      } finally {
        this.#leave(within, block);
        block.closing = true;
      }
    };
    try {
      switch (kind) {
        case 0:
          await noGrad(() => inside({ recording: false }));
          break;
        case 1:
          await enableGrad(() => inside({ recording: true }));
          break;
        case 2: {
          const device = this.#devices[this.#random(2)]!;
          await withDevice(device, () => inside({ device }));
          break;
        }
        case 3:
          await tidy(() => inside({ owned: new Set(), owner: flow.currentFlow().scope! }));
          break;
        default:
          await scoped(() => inside({ owned: new Set(), owner: flow.currentFlow().scope! }));
      }
    } finally {
      block.closing = false;
      this.#ended(block);
    }
  }

  /** Synchronous blocks, which may start flows that outlive them. */
  #tidied(position: Position, depth = 0): void {
    const within = { current: position.current };
    let block!: Block;
    const inside = (): void => {
      block = this.#enter(within, { owned: new Set(), owner: flow.currentFlow().scope! });
      try {
        this.#work(within);
        if (depth < 3 && this.#random(2) === 0) this.#tidied(within, depth + 1);
        if (this.#random(4) === 0 && this.#budget > 0) this.#start(within);
        this.#check(within);
        if (this.#random(8) === 0) throw new Stop();
      } finally {
        this.#leave(within, block);
      }
    };
    try {
      if (this.#random(2) === 0) tidySync(inside);
      else tidy(inside);
    } finally {
      this.#ended(block);
    }
    this.#check(position);
  }
}

Deno.test("blocks of flows that overlap at random hold for those that opened them, and free what is theirs", async () => {
  let checks = 0, exact = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const program = new Program(seed);
    try {
      await program.run();
    } catch (error) {
      throw new Error(`program ${seed}`, { cause: error });
    }
    checks += program.checks;
    exact += program.exact;
  }
  // Neither is in vain.
  assert(checks > 5000 && exact > 200, `${checks} checks, ${exact} blocks of using`);
});
