/** Launches on neighboring places as one. */
import { seenAs } from "../backend/families.ts";
import { sameNumbers } from "../backend/same_numbers.ts";
import type { Launch, LaunchView } from "../device_listener.ts";
import { contiguousLayout } from "../layout.ts";
import type { FlatBuffer } from "./flat_buffer.ts";
import { flatPlace } from "./flat_group.ts";

/** Launches that do one thing to places `first` to `last` of the same buffers. */
interface Run {
  readonly launch: Launch;
  readonly flats: readonly FlatBuffer[];
  readonly first: number;
  last: number;
}

/**
 * `launches`, with those that do the same to tensors side by side as one on all of them: what lies in the gaps between
 * them belongs to nobody.
 */
export function joinPlaces(launches: readonly Launch[]): readonly Launch[] {
  if (!launches.some(({ outputs }) => outputs[0]!.storage.lease !== null)) return launches;
  const joined: Launch[] = [];
  let run: Run | null = null;
  const end = (): void => {
    if (run !== null) joined.push(asOne(run));
    run = null;
  };
  for (const launch of launches) {
    const next = runOf(launch);
    if (run !== null && next !== null && follows(run, next)) {
      run.last = next.first;
      continue;
    }
    end();
    run = next;
    if (next === null) joined.push(launch);
  }
  end();
  return joined;
}

/** A launch all of whose views fill the same place of buffers that are laid out alike. */
function runOf(launch: Launch): Run | null {
  const flats: FlatBuffer[] = [], { call } = launch;
  let first = -1;
  // Of neighbors as one, elements would have other positions.
  if (call.kernel !== "map" || call.body.usesCoordinate || call.body.usesRandom) return null;
  for (const views of [launch.inputs, launch.outputs]) {
    for (const view of views) {
      const place = flatPlace(view);
      if (place === null) return null;
      if (flats.length === 0) first = place.index;
      else if (place.index !== first || place.flat.layout !== flats[0]!.layout) return null;
      flats.push(place.flat);
    }
  }
  return { launch, flats, first, last: first };
}

function follows({ launch: { call }, flats, last }: Run, next: Run): boolean {
  const other = next.launch.call;
  return next.first === last + 1 && call.kernel === "map" && other.kernel === "map" &&
    call.body === other.body &&
    sameNumbers(call.scalars, other.scalars) && flats.length === next.flats.length &&
    flats.every((flat, i) => flat === next.flats[i]);
}

function asOne({ launch: { call, inputs, outputs }, flats, first, last }: Run): Launch {
  const { starts } = flats[0]!.layout, start = starts[first]!;
  const layout = contiguousLayout([starts[last + 1]! - start], start);
  // With the storage of the first of them, which is as good as that of the others: it is in use.
  const seen = (views: readonly LaunchView[]): LaunchView[] => views.map((view) => seenAs(view, layout));
  return {
    call: { ...call, shape: layout.shape } as Launch["call"],
    inputs: seen(inputs),
    outputs: seen(outputs),
  };
}
