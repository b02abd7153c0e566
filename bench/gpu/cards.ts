/** What cards can do at most. */

/** GFLOP/s in float32 without tensor cores, and GB/s. */
export interface Peak {
  readonly gflops: number;
  readonly gigabytes: number;
  /** Where that is from. */
  readonly source: string;
}

/** By what the name of the adapter has in it, the longest first where one has another's in it; from the makers' data sheets. */
const CARDS: readonly (readonly [name: RegExp, gflops: number, gigabytes: number])[] = [
  [/H200/, 66_900, 4800],
  [/H100.*PCIe/i, 51_200, 2039],
  [/H100/, 66_900, 3352],
  [/A100.*80GB/i, 19_500, 2039],
  [/A100/, 19_500, 1555],
  [/L40S/, 91_600, 864],
  [/\bL4\b/, 30_300, 300],
  [/\bT4\b/, 8_100, 320],
  [/V100/, 15_700, 900],
  [/RTX 5090/, 104_800, 1792],
  [/RTX 4090/, 82_600, 1008],
  [/RTX 4080/, 48_700, 717],
  [/RTX 3090/, 35_600, 936],
  [/RTX 3080/, 29_800, 760],
  [/RX 7900 XTX/, 61_400, 960],
];

/** The peak that the maker of a card states; null for cards that are not listed. */
export function statedPeak(adapter: string): Peak | null {
  const found = CARDS.find(([name]) => name.test(adapter));
  return found ? { gflops: found[1], gigabytes: found[2], source: "the maker's data sheet" } : null;
}
