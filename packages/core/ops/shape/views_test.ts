/** Views of every dtype share memory with their base. */
import { assertEquals } from "@std/assert";
import { chunk, Device, DTYPES, ReferenceBackend, type Tensor, zeros } from "../../mod.ts";

const device = new Device(new ReferenceBackend());

const VIEWS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  narrow: (x) => x.narrow(0, 0, 1),
  select: (x) => x.select(0, 0),
  slice: (x) => x.at(":1"),
  at: (x) => x.at(0),
  split: (x) => x.split([1, 2])[0]!,
  "split of one extent": (x) => x.split(1)[0]!,
  chunk: (x) => x.chunk(3)[0]!,
  unbind: (x) => x.unbind()[0]!,
  tensorSplit: (x) => x.tensorSplit(3)[0]!,
  hsplit: (x) => x.hsplit(2)[0]!,
  vsplit: (x) => x.vsplit(3)[0]!,
  view: (x) => x.view([6]),
  t: (x) => x.t(),
  permute: (x) => x.permute(1, 0),
  movedim: (x) => x.movedim(0, 1),
  diagonal: (x) => x.diagonal(),
  unsqueeze: (x) => x.unsqueeze(0),
  squeeze: (x) => x.unsqueeze(0).squeeze(0),
  unflatten: (x) => x.unflatten(0, [3, 1]),
  unfold: (x) => x.unfold(0, 1, 1),
  asStrided: (x) => x.asStrided([1], [1]),
  detach: (x) => x.detach(),
};

for (const dtype of DTYPES) {
  Deno.test(`views of ${dtype} write to their base`, () => {
    for (const [name, view] of Object.entries(VIEWS)) {
      const x = zeros([3, 2], { device, dtype });
      view(x).fill_(1);
      assertEquals(Number(x.flatten().select(0, 0).item()), 1, name);
    }
  });
}

Deno.test("chunk() of nothing has as many parts as are asked for", () => {
  assertEquals(chunk(zeros([0, 2], { device }), 3).map((part) => part.shape), [[0, 2], [0, 2], [0, 2]]);
});
