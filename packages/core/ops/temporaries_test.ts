import { assertEquals } from "@std/assert";
import {
  arange,
  cat,
  Device,
  fold,
  meshgrid,
  ReferenceBackend,
  searchsorted,
  stack,
  type Tensor,
  unfold,
  uniqueAll,
  varMean,
} from "../mod.ts";

type Results = Tensor | readonly Tensor[] | object;

/** Each is given int32 [2, 3, 4], the same in float32, and int32 [3] of zeros. */
const CASES: Readonly<Record<string, (n: Tensor, x: Tensor, index: Tensor) => Results>> = {
  "reshape() of a transpose": (n) => {
    using turned = n.transpose(0, 2);
    return turned.reshape([-1]);
  },
  "repeat()": (n) => n.repeat([2, 1, 2]),
  "repeatInterleave()": (n) => n.repeatInterleave(2),
  "meshgrid()": (_n, _x, index) => meshgrid([index, index], { indexing: "xy" }),
  "roll()": (n) => n.roll([1, 2], [0, 1]),
  "roll() of all": (n) => n.roll(5),
  "cat()": (n, x) => cat([n, x], 1),
  "stack()": (n, x) => stack([n, x], 1),
  "pad() with a constant": (n) => n.pad([1, 1, -1, 0]),
  "pad() by reflection": (n) => n.pad([2, 2, -1, 1], { mode: "reflect" }),
  "pad() by replication": (n) => n.pad([2, 2, 1, 1], { mode: "replicate" }),
  "indexSelect()": (n, _x, index) => n.indexSelect(1, index),
  "indexAdd()": (n, _x, index) => n.indexAdd(1, index, n),
  "scatter() of a number": (n, _x, index) => {
    using rows = n.at(0), column = index.reshape([3, 1]);
    return rows.scatter(1, column, 1);
  },
  "takeAlongDim()": (n, _x, index) => n.takeAlongDim(index),
  "diag()": (_n, _x, index) => index.diag(),
  "max()": (n) => n.max(1),
  "argmax()": (n) => n.argmax(undefined, { keepdim: true }),
  "countNonzero()": (n) => n.countNonzero(),
  "variance()": (_n, x) => x.var(1),
  "varMean()": (_n, x) => varMean(x, 1),
  "norm()": (_n, x) => x.norm(Infinity),
  "logsumexp()": (_n, x) => x.logsumexp(1),
  "topk()": (n) => n.topk(2),
  "argsort()": (n) => n.argsort(0),
  "median()": (_n, x) => x.median(1),
  "median() of all": (_n, x) => x.median(),
  "nonzero()": (n) => n.nonzero(),
  "maskedSelect()": (n) => {
    using mask = n.bool();
    return n.maskedSelect(mask);
  },
  "uniqueAll()": (n) => uniqueAll(n),
  "uniqueAll() along an axis": (n) => uniqueAll(n, 0),
  "searchsorted()": (n, x) => {
    using row = n.reshape([-1]);
    return searchsorted(row, x);
  },
  "oneHot()": (n) => n.oneHot(),
  "unfold()": (_n, x) => {
    using images = x.unsqueeze(0);
    return unfold(images, { kernelSize: 2, padding: 1 });
  },
  "fold()": (_n, x) => fold(x, { outputSize: 2, kernelSize: 1 }),
};

for (const [name, run] of Object.entries(CASES)) {
  Deno.test(`${name} leaves nothing behind`, () => {
    const device = new Device(new ReferenceBackend());
    const n = arange(0, 24, 1, { device }).reshape([2, 3, 4]), x = n.to("float32");
    const index = arange(0, 3, 1, { device }).zero_();
    const references = [n, x, index].map((t) => t.storage.references), { buffers } = device.memory;
    const results = run(n, x, index);
    const list: readonly Tensor[] = "dispose" in results ? [results as Tensor] : Object.values(results);
    for (const result of list) result.dispose();
    assertEquals(device.memory.buffers, buffers);
    assertEquals([n, x, index].map((t) => t.storage.references), references);
  });
}
