/** A call that fails leaves everything as it was: memory, recording, scopes, generators; and the next call is right. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  currentScope,
  Device,
  Generator,
  type KernelCall,
  linalg,
  ReferenceBackend,
  type ReferenceBuffer,
  type ReferenceView,
  Scope,
  Tensor,
  tensor,
} from "@troodon/core";
import {
  checkpoint,
  defineFunction,
  detectAnomaly,
  grad,
  gradOf,
  hessian,
  isAnomalyEnabled,
  isGradEnabled,
  jacobian,
  tape,
  valueAndGrad,
} from "./mod.ts";
import { assertClose, leaf } from "./support_test.ts";

/** A backend of which one launch or allocation fails, counted from now. */
class Fragile extends ReferenceBackend {
  launches = 0;
  allocations = 0;
  failAt: { readonly kind: "launch" | "allocate"; readonly at: number } | null = null;

  override allocate(bytes: number): ReferenceBuffer {
    if (this.failAt?.kind === "allocate" && this.failAt.at === this.allocations++) {
      throw new RangeError("Cannot allocate: injected");
    }
    return super.allocate(bytes);
  }

  override launch(
    call: KernelCall,
    inputs: readonly ReferenceView[],
    outputs: readonly ReferenceView[],
  ): void {
    if (this.failAt?.kind === "launch" && this.failAt.at === this.launches++) {
      throw new RangeError("Cannot launch: injected");
    }
    super.launch(call, inputs, outputs);
  }
}

function makeFragile(): { backend: Fragile; device: Device } {
  const backend = new Fragile();
  return { backend, device: new Device(backend, { tape, generator: new Generator(3) }) };
}

/** All that a failure must leave as it was. */
const standing = (device: Device, leaves: readonly Tensor[]) => ({
  buffers: device.memory.buffers,
  bytes: device.memory.bytes,
  references: leaves.map((t) => t.storage.references),
  versions: leaves.map((t) => t.version.count),
  recording: isGradEnabled(),
  anomaly: isAnomalyEnabled(),
  scope: currentScope(),
});

const identity = defineFunction({
  name: "Identity",
  forward: (_, x) => x.mul(1),
  backward: (_, g) => g.mul(1),
});

/** Steps on x [2, 2] and w [2, 2] that leave gradients in both, or return them. */
const STEPS: Readonly<Record<string, (x: Tensor, w: Tensor) => readonly Tensor[]>> = {
  "backward()": (x, w) => {
    x.matmul(w).tanh().mul(x).sum().backward();
    return [x.grad!, w.grad!];
  },
  "backward() over gradients that meet": (x, w) => {
    const y = x.add(w);
    y.mul(y).add(y).add(x.t()).add(y.softmax(1)).sum().backward();
    return [x.grad!, w.grad!];
  },
  "backward() with hooks": (x, w) => {
    const y = x.mul(w);
    y.retainGrad();
    using _hook = y.registerHook((g) => g.mul(2));
    try {
      y.exp().sum().backward();
    } finally {
      y.grad?.dispose();
    }
    return [x.grad!, w.grad!];
  },
  "grad()": (x, w) => grad(x.matmul(w).square().sum(), [x, w]),
  "grad() of grad()": (x, w) => {
    const first = grad(x.mul(w).exp().sum(), [x, w], { createGraph: true });
    return grad(first[0]!.mul(first[1]!).sum(), [x, w]);
  },
  "checkpoint()": (x, w) => {
    checkpoint((x: Tensor) => x.mul(w).exp().sin(), x.mul(1)).sum().backward();
    return [x.grad!, w.grad!];
  },
  "gradOf()": (x, w) => [gradOf((x: Tensor) => x.mul(w).exp().sum())(x).detach()],
  "valueAndGrad()": (x, w) => valueAndGrad((x: Tensor) => x.mul(w).exp().sum())(x).map((t) => t.detach()),
  "jacobian()": (x, w) => [jacobian((x: Tensor) => x.mul(w).exp(), x.detach())],
  "hessian()": (x, w) => [hessian((x: Tensor) => x.mul(w).exp().sum(), x.detach())],
  "defineFunction()": (x, w) => {
    identity(x.mul(w)).sum().backward();
    return [x.grad!, w.grad!];
  },
  "detectAnomaly()": (x, w) => {
    using _ = detectAnomaly();
    x.mul(w).exp().sum().backward();
    return [x.grad!, w.grad!];
  },
  "an op on the host": (x, w) => {
    linalg.det(x.mul(w)).backward();
    return [x.grad!, w.grad!];
  },
  "an op of several outputs": (x, w) => {
    const { values } = x.mul(w).sort();
    values.mul(w).sum().backward();
    return [x.grad!, w.grad!];
  },
};

for (const [name, step] of Object.entries(STEPS)) {
  for (const kind of ["launch", "allocate"] as const) {
    Deno.test(`${name} leaves everything as it was, whichever ${kind} fails`, () => {
      const { backend, device } = makeFragile();
      const [x, w] = [leaf(device, [[1, 0.5], [-1, 2]]), leaf(device, [[0.3, 1], [2, -0.7]])];
      const run = (): number[][] => {
        using _ = new Scope();
        try {
          return step(x, w).map((t) => [...t.dataSync()].map(Number));
        } finally {
          for (const t of [x, w]) {
            t.grad?.dispose();
            t.grad = null;
          }
        }
      };
      const expected = run(), before = standing(device, [x, w]);
      let failures = 0;
      for (let at = 0;; at++) {
        backend.launches = backend.allocations = 0;
        backend.failAt = { kind, at };
        let failed = false;
        try {
          run();
        } catch (error) {
          assert(error instanceof RangeError && error.message.includes("injected"), String(error));
          failed = true;
        }
        backend.failAt = null;
        assertEquals(standing(device, [x, w]), before, `after failure ${at}`);
        assertEquals(run(), expected, `after failure ${at}`);
        if (!failed) break;
        failures++;
      }
      assert(failures > 2, "nothing failed");
    });
  }
}

Deno.test("a call that fails outside of any scope keeps no memory for its result", () => {
  const { backend, device } = makeFragile();
  const x = tensor([[4, 1], [1, 3]], { device }), wide = tensor([[1, 2, 3]], { device });
  const calls: Readonly<
    Record<string, () => void | Tensor | { readonly values: Tensor; readonly indices: Tensor }>
  > = {
    map: () => x.exp(),
    reduce: () => x.sum(1),
    argreduce: () => x.argmax(1),
    scan: () => x.cumsum(0),
    matmul: () => x.matmul(x),
    sort: () => x.sort(1),
    "a composite": () => x.softmax(1),
    "a copy": () => {
      using turned = x.t();
      turned.dataSync();
    },
    host: () => linalg.cholesky(x),
    "a change in place": () => {
      using own = x.clone();
      using left = own.narrow(1, 0, 1);
      using right = own.narrow(1, 1, 1);
      // Nobody knows whether these overlap: one is copied.
      left.add_(right);
    },
  };
  for (const [name, call] of Object.entries(calls)) {
    const before = device.memory.buffers, references = x.storage.references;
    for (let at = 0;; at++) {
      backend.launches = 0;
      backend.failAt = { kind: "launch", at };
      let failed = false;
      try {
        const made = call();
        for (const t of Object.values(made instanceof Tensor ? [made] : made ?? {})) t.dispose();
      } catch {
        failed = true;
      }
      backend.failAt = null;
      assertEquals([device.memory.buffers, x.storage.references], [before, references], `${name}, ${at}`);
      if (!failed) break;
    }
  }
  // Refused before memory is taken: by the shape rule, by the dtype, by the host.
  for (
    const refused of [
      () => x.matmul(wide),
      () => x.add(wide),
      () => x.reshape([3]),
      () => linalg.cholesky(tensor([[0, 1], [1, 0]], { device })),
      () => x.gather(1, tensor([[2], [0]], { device, dtype: "int32" })),
    ]
  ) {
    using _ = new Scope();
    assertThrows(refused, RangeError);
  }
  assertEquals(device.memory.buffers, 2);
  assertEquals(x.add(1).tolist(), [[5, 2], [2, 4]]);
});

Deno.test("backward() that fails outside of any scope frees the gradients on their way", () => {
  const { backend, device } = makeFragile();
  const [x, w] = [leaf(device, [[1, 0.5], [-1, 2]]), leaf(device, [[0.3, 1], [2, -0.7]])];
  const y = x.add(w), { values } = y.matmul(w).sort();
  const loss = y.mul(y).add(y).add(x.t()).add(values).add(y.softmax(1)).exp().sum();
  const before = standing(device, [x, w]);
  for (let at = 0, failed = true; failed; at++) {
    backend.launches = 0;
    backend.failAt = { kind: "launch", at };
    try {
      loss.backward({ retainGraph: true });
      failed = false;
    } catch {
      failed = true;
    }
    backend.failAt = null;
    for (const t of [x, w]) {
      t.grad?.dispose();
      t.grad = null;
    }
    assertEquals(standing(device, [x, w]), before, `after failure ${at}`);
  }
});

Deno.test("backward() goes on after a hook, a rule or a gradient of the wrong shape failed", () => {
  const { device } = makeFragile(), x = leaf(device, [1, 2]);
  const broken = defineFunction({
    name: "Broken",
    forward: (_, x) => x.mul(2),
    backward: () => {
      throw new RangeError("in the rule");
    },
  });
  const misshapen = defineFunction({
    name: "Misshapen",
    forward: (_, x) => x.mul(2),
    backward: (_, g) => g.reshape([1, 2]).expand([3, 2]).t(),
  });
  const hooked = (x: Tensor): Tensor => {
    const y = x.exp();
    y.registerHook(() => {
      throw new RangeError("in the hook");
    });
    return y;
  };
  const before = standing(device, [x]);
  for (
    const [f, message] of [[broken, "in the rule"], [misshapen, "must broadcast from the shape"], [
      hooked,
      "in the hook",
    ]] as const
  ) {
    {
      using _ = new Scope();
      const y = f(x.mul(1)).exp().sum();
      assertThrows(() => y.backward(), RangeError, message);
    }
    assertEquals(x.grad, null);
    assertEquals(standing(device, [x]), before, message);
  }
  {
    using _ = new Scope();
    x.exp().sum().backward();
  }
  assertClose(x.grad, [Math.E, Math.exp(2)]);
});
