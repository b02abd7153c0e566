/** The walk from results to what they came from. */
import { full, type FusedOp, type Tensor, tidySync } from "@troodon/core";
import { composed, flow, isSoleOwner, Owner, reserving, sameShape, showShape } from "@troodon/core/kernel";
import { hearsParts, inPart } from "@troodon/core/kernel";
import { fit, leaveRetained } from "./accumulate.ts";
import { examineGradient, isAnomalyEnabled } from "./anomaly.ts";
import { leave, sortNodes } from "./leaf_hooks.ts";
import { AccumulateGrad } from "./leaf_node.ts";
import { CallNode, type Node } from "./node.ts";
import { reservationsFor } from "./gradient_places.ts";
import { ownHandle } from "./own.ts";
import { passNode } from "./passing.ts";
import { unshared } from "./shared_ones.ts";
import { Visit } from "./visit.ts";

/** What a walk leaves behind. */
export interface WalkOptions {
  /** Record the walk itself. */
  readonly createGraph: boolean;
  /** Leave what nodes saved in place, so that they can be walked again. */
  readonly retainGraph: boolean;
}

/**
 * Walks from `roots`, whose gradients are `seeds`, to the leaves, and leaves
 * gradients in them; or, if there are `targets`, returns the gradients of these
 * (null for those that were not reached) and touches no leaf.
 */
export function walk(
  roots: readonly Tensor[],
  seeds: readonly Tensor[],
  targets: readonly Tensor[] | null,
  options: WalkOptions,
): (Tensor | null)[] {
  return inPart({ kind: "backward" }, () => walked(roots, seeds, targets, options));
}

const walked: typeof walk = (roots, seeds, targets, options) => {
  const frame = flow.syncFrame({ recording: options.createGraph, scope: flow.currentFlow().scope });
  const way = new Walk(roots, targets, options, frame), before = flow.enterSync(frame);
  const passed = passNode(null);
  try {
    return way.run(roots, seeds);
  } catch (error) {
    way.abandon();
    throw error;
  } finally {
    flow.leaveSync(frame, before);
    passNode(passed);
  }
};

class Walk {
  readonly #visits = new Map<Node, Visit>();
  readonly #order: Visit[] = [];
  readonly #targets: readonly Tensor[] | null;
  readonly #found: (Tensor | null)[];
  readonly #options: WalkOptions;
  /** The frame in force during the walk. */
  readonly #frame: flow.Frame;

  constructor(
    roots: readonly Tensor[],
    targets: readonly Tensor[] | null,
    options: WalkOptions,
    frame: flow.Frame,
  ) {
    this.#frame = frame;
    this.#targets = targets;
    this.#options = options;
    this.#found = targets === null ? [] : targets.map(() => null);
    this.#discover(roots);
    if (targets === null) {
      for (const visit of this.#order) {
        // A leaf may have been told since then to need none.
        visit.needed = !(visit.node instanceof AccumulateGrad) || (visit.node.tensor?.requiresGrad ?? false);
      }
    } else this.#aim(targets);
  }

  /** Finds all nodes, the latest first: whatever a node made comes before it. */
  #discover(roots: readonly Tensor[]): void {
    // What was made before all targets cannot lead to one.
    const first = this.#targets === null
      ? 0
      : this.#targets.reduce((id, t) => Math.min(id, (t.node as Node).id), Infinity);
    const visits = this.#visits, order = this.#order, stack: Node[] = [];
    for (const root of roots) stack.push(root.node as Node);
    while (stack.length > 0) {
      const node = stack.pop()!;
      if (node.id < first || visits.has(node)) continue;
      const visit = new Visit(node);
      visits.set(node, visit);
      order.push(visit);
      const next = node.next;
      for (let i = 0; i < next.length; i++) if (next[i]! !== null) stack.push(next[i]!);
    }
    sortNodes(order);
  }

  /** Marks the nodes that lead to targets. */
  #aim(targets: readonly Tensor[]): void {
    targets.forEach((t, i) => {
      const visit = this.#visits.get(t.node as Node);
      if (visit !== undefined) (visit.targets ??= []).push(i);
    });
    for (let i = this.#order.length - 1; i >= 0; i--) {
      const visit = this.#order[i]!;
      visit.needed = visit.targets !== null || visit.node.next.some((n) => this.#needs(n));
    }
  }

  #needs(node: Node | null): boolean {
    return node !== null && (this.#visits.get(node)?.needed ?? false);
  }

  run(roots: readonly Tensor[], seeds: readonly Tensor[]): (Tensor | null)[] {
    const { createGraph } = this.#options, heard = hearsParts();
    for (let i = 0; i < roots.length; i++) {
      const root = roots[i]!, visit = this.#visits.get(root.node as Node);
      // A handle of its own, as the caller keeps its seed.
      if (visit) this.#deposit(visit, root.outputNumber, createGraph ? seeds[i]! : seeds[i]!.detach(), null);
    }
    for (let at = 0; at < this.#order.length; at++) {
      const visit = this.#order[at]!;
      if (!visit.reached || !visit.needed) {
        this.#drop(visit);
        continue;
      }
      const { node } = visit;
      passNode(node);
      if (heard) inPart({ kind: "gradient", node }, () => this.#passThrough(visit));
      else this.#passThrough(visit);
      this.#drop(visit);
    }
    return this.#found;
  }

  /** Passes the accumulated gradients of a node on to its inputs. */
  #passThrough(visit: Visit): void {
    const { node, grads } = visit, { createGraph } = this.#options;
    if (node.hooks !== null) this.#callHooks(visit);
    if (visit.targets !== null) this.#capture(visit);
    if (node instanceof CallNode) {
      if (node.retained !== null) leaveRetained(node.retained, grads, createGraph);
      this.#step(visit, node);
    } else if (this.#targets === null) leave(node, grads, createGraph);
  }

  /** Frees the gradients that are on their way. */
  abandon(): void {
    for (const visit of this.#order) this.#drop(visit);
    for (const g of this.#found) g?.dispose();
  }

  #callHooks(visit: Visit): void {
    const { grads, node } = visit;
    for (let i = 0; i < grads.length; i++) {
      const given = grads[i]!;
      if (given === null) continue;
      let g = unshared(given);
      for (const { hook } of node.hooks!.filter(({ output }) => output === i)) {
        g = hook(g) ?? g;
        if (!sameShape(g.shape, given.shape)) {
          throw new RangeError(
            `Cannot put the result of a hook in the place of a gradient as shapes must be equal: ` +
              `current shapes are ${showShape(g.shape)} and ${showShape(given.shape)}`,
          );
        }
      }
      // The hook may hold on to what it saw: that handle is not the walk's any more.
      grads[i] = this.#options.createGraph ? g : g.detach();
    }
  }

  #capture({ grads, targets }: Visit): void {
    for (const i of targets!) {
      const g = grads[this.#targets![i]!.outputNumber]!;
      if (g !== null) this.#found[i] = g.snapshot();
    }
  }

  /** From the gradients of the outputs of one call to those of its inputs. */
  #step(visit: Visit, node: CallNode): void {
    const next = node.next, wanted = new Array<boolean>(next.length);
    let any = false;
    for (let i = 0; i < next.length; i++) {
      const needs = this.#needs(next[i]!);
      wanted[i] = needs;
      any ||= needs;
    }
    if (!any) return;
    node.wanted = wanted;
    if (this.#options.createGraph) this.#pass(visit, node, wanted, null);
    else {
      // What a rule makes on the way is freed when it is done, unless it is the graph of the next derivative.
      const frame = this.#frame, outer = frame.scope, owner = new Owner(outer);
      flow.changeOwner(frame, owner);
      try {
        const places = reservationsFor(next, this.#visits);
        if (places === null) this.#pass(visit, node, wanted, owner);
        else reserving(places, () => this.#pass(visit, node, wanted, owner));
      } finally {
        flow.changeOwner(frame, outer);
        owner.free();
      }
    }
    if (!this.#options.retainGraph) node.release();
  }

  /** Runs the rule of one call, and adds what comes of it to the gradients of its inputs. */
  #pass(visit: Visit, node: CallNode, wanted: readonly boolean[], scope: Owner | null): void {
    const next = node.next, parts = this.#pull(visit, node);
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!;
      if (!wanted[i] || part === null) continue;
      const g = fit(typeof part === "function" ? part() : part, node.inputs[i]!, node.op.name);
      if (isAnomalyEnabled()) examineGradient(node, i, g, visit.grads);
      this.#deposit(this.#visits.get(next[i]!)!, node.numbers[i]!, this.#owned(g, node, scope), scope);
    }
  }

  /** A handle that is the walk's own: rules may return what they were given, what was saved, or one for two inputs. */
  #owned(t: Tensor, node: CallNode, scope: Owner | null): Tensor {
    if (scope === null) return node.holds(t) ? t.snapshot() : t;
    return t.scope === scope ? t : t.detach();
  }

  #pull(visit: Visit, node: CallNode): readonly (Tensor | (() => Tensor) | null)[] {
    const { op } = node;
    if (op.once) node.checkHeld();
    if (op.vjp) return op.vjp(this.#complete(visit, node), node);
    if (op.kind === "fused") return this.#pullComposite(visit, node, op);
    throw new TypeError(
      `Cannot run backward() through ${op.name}() as it has no gradient: use detach() before it`,
    );
  }

  /** The gradients of the outputs that the rule reads: zeros for those that nobody used. */
  #complete({ grads }: Visit, { op, outputs }: CallNode): readonly Tensor[] {
    const count = op.readsGradsOf ?? grads.length;
    let complete = grads;
    for (let i = 0; i < count; i++) {
      if (grads[i] !== null) continue;
      if (complete === grads) complete = [...grads];
      const { device } = grads.find((g) => g !== null)!, { shape, dtype } = outputs[i]!;
      complete[i] = full([], 0, { device, dtype }).expand(shape);
    }
    return complete as Tensor[];
  }

  /** Runs the composite on inputs of its own and walks back through that. */
  #pullComposite({ grads }: Visit, node: CallNode, op: FusedOp): readonly (Tensor | null)[] {
    const { createGraph } = this.#options, { params, wanted } = node;
    const own = wanted.map((want, i) => {
      const x = node.input(i);
      if (want) return ownHandle(x, node.tape, createGraph);
      return createGraph ? x : x.detach();
    });
    const outputs = tidySync(() => composed(op, params, own, node.outputs), true);
    const reached = grads.flatMap((g, i) => g !== null && outputs[i]!.node !== null ? [i] : []);
    const found = walk(
      reached.map((i) => outputs[i]!),
      reached.map((i) => grads[i]!),
      own.filter((_, i) => wanted[i]),
      { createGraph, retainGraph: createGraph },
    );
    let at = 0;
    return wanted.map((want) => want ? found[at++]! : null);
  }

  /** Adds `part`, which becomes the walk's, to the gradient of output `number`. */
  #deposit(visit: Visit, number: number, part: Tensor, scope: Owner | null): void {
    const { grads } = visit, before = grads[number]!;
    visit.reached = true;
    let sum = part;
    if (before !== null) {
      if (this.#options.createGraph) sum = before.add(part);
      else if (isSoleOwner(before)) {
        before.add_(part);
        part.dispose();
        return;
      } else {
        sum = before.add(part);
        before.dispose();
        part.dispose();
      }
    }
    grads[number] = scope === null ? sum : scope.keep(sum);
  }

  /** Frees gradients that have done their duty. */
  #drop({ grads }: Visit): void {
    for (let i = 0; i < grads.length; i++) {
      if (!this.#options.createGraph) grads[i]?.dispose();
      grads[i] = null;
    }
  }
}
